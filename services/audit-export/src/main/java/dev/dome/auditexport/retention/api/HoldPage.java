package dev.dome.auditexport.retention.api;

import java.util.List;

/**
 * One page of holds.
 *
 * @param nextCursor where the list goes on, absent at its end
 */
public record HoldPage(List<HoldView> items, String nextCursor) {}
