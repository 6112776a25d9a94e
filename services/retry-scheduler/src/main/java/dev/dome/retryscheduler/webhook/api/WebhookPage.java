package dev.dome.retryscheduler.webhook.api;

import java.util.List;

/**
 * A namespace's webhooks; there are never more than fit one page.
 *
 * @param nextCursor always absent
 */
public record WebhookPage(List<WebhookView> items, String nextCursor) {}
