/**
 * {@code ./dome admin}: checks and repairs of a whole system, through its public API. What is
 * checked is decided by the verification library; this package reads and shows.
 */
package dev.dome.cli.admin;
