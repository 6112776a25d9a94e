/**
 * {@code ./dome admin}: checks and repairs of a whole system, through its public API and, for a
 * verification, its database and streams as other libraries read them. What is checked is decided
 * by the verification library; this package reads and shows.
 */
package dev.dome.cli.admin;
