/**
 * The schema {@code retry_scheduler} through Hibernate Reactive. Entities never leave this package.
 */
package dev.dome.retryscheduler.adapter.db;
