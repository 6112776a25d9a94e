package dev.dome.retryscheduler.api;

import java.util.List;

/**
 * One page of dead letters.
 *
 * @param nextCursor where the list goes on, absent at its end
 */
public record DeadLetterPage(List<DeadLetterView> items, String nextCursor) {}
