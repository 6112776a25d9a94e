/** What provenance counts, as Micrometer meters, and how it says that it makes progress. */
package dev.dome.provenance.adapter.metrics;
