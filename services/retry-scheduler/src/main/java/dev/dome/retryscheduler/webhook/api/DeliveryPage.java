package dev.dome.retryscheduler.webhook.api;

import java.util.List;

/**
 * One page of deliveries.
 *
 * @param nextCursor where the list goes on, absent at its end
 */
public record DeliveryPage(List<DeliveryView> items, String nextCursor) {}
