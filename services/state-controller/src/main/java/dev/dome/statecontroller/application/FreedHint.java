package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import java.util.Map;

/**
 * Slots were given back and are still free: whoever holds tasks of these limits back may try again.
 *
 * @param slots how many are free of each limit, by {@link LimitKey#key}
 */
public record FreedHint(String replicaId, NamespaceId namespace, Map<String, Integer> slots) {}
