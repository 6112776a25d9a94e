/**
 * A service's cursors, in the table {@code lane_cursor} of its own schema, and transactions for
 * whoever runs outside of a request. Entities never leave this package.
 */
package dev.dome.journal.adapter.db;
