/**
 * The ports of the lane writer on PostgreSQL: statements over whole columns of rows (UNNEST), sent
 * in one pipeline on the reactive pool and awaited on the writer's own thread. No decision lives
 * here, and no event-loop thread may call in.
 */
package dev.dome.statecontroller.adapter.db;
