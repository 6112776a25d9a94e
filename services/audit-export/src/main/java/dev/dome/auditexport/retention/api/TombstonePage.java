package dev.dome.auditexport.retention.api;

import java.util.List;

/**
 * One page of tombstones.
 *
 * @param nextCursor where the list goes on, absent at its end
 */
public record TombstonePage(List<TombstoneView> items, String nextCursor) {}
