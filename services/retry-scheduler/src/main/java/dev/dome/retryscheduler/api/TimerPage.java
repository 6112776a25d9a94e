package dev.dome.retryscheduler.api;

import java.util.List;

/**
 * One page of timers.
 *
 * @param nextCursor where the list goes on, absent at its end
 */
public record TimerPage(List<TimerView> items, String nextCursor) {}
