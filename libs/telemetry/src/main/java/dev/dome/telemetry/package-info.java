/**
 * How a trace goes on from HTTP over NATS to PostgreSQL and the journal's consumers: which traces
 * are exported, what the span of a journal row is called by, and one span for work that many traces
 * caused. What a service does inside its spans lives in the service.
 */
package dev.dome.telemetry;
