package dev.dome.provenance.api;

import java.util.List;

/**
 * One page of replays.
 *
 * @param nextCursor where the list goes on, absent at its end
 */
public record ReplayPage(List<ReplayView> items, String nextCursor) {}
