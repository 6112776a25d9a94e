/** How far a service is behind the journal, as Micrometer meters. */
package dev.dome.journal.adapter.metrics;
