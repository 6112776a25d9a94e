/**
 * What the retry-scheduler counts, as Micrometer meters, and how it says that it makes progress.
 */
package dev.dome.retryscheduler.adapter.metrics;
