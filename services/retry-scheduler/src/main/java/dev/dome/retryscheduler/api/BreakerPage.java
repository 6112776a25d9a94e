package dev.dome.retryscheduler.api;

import java.util.List;

/**
 * One page of breakers.
 *
 * @param nextCursor where the list goes on, absent at its end
 */
public record BreakerPage(List<BreakerView> items, String nextCursor) {}
