/** What the application tells its meters, as Micrometer metrics. No behaviour depends on them. */
package dev.dome.ingest.adapter.metrics;
