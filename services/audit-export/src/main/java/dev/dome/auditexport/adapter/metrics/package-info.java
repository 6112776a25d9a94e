/** How far the audit is behind what happened, as Micrometer meters. */
package dev.dome.auditexport.adapter.metrics;
