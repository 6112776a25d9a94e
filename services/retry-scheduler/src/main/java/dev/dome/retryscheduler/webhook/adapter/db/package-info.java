/** Webhooks and deliveries on PostgreSQL. Entities never leave this package. */
package dev.dome.retryscheduler.webhook.adapter.db;
