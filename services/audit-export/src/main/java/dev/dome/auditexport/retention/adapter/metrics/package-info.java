/** What was purged, what is held and what is overdue, as Micrometer meters. */
package dev.dome.auditexport.retention.adapter.metrics;
