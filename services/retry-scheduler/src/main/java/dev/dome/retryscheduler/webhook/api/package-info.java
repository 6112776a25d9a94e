/** Webhooks and their deliveries over HTTP. A secret is shown once, when its webhook is made. */
package dev.dome.retryscheduler.webhook.api;
