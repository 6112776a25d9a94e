/**
 * The whole suite as processes on this machine, driven over its public API only: what a platform
 * team would see. Rows are read from PostgreSQL only to check what the API cannot show.
 */
package dev.dome.system;
