/** What the telling of events counts. No label carries a namespace, a webhook or a URL. */
package dev.dome.retryscheduler.webhook.adapter.metrics;
