/**
 * The only way of this service to the outside: requests to addresses that were looked at before.
 */
package dev.dome.retryscheduler.webhook.adapter.http;
