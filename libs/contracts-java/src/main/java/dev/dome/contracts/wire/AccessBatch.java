package dev.dome.contracts.wire;

import java.util.List;

/**
 * Decisions of one process, as DOME_ACCESS carries them: one message for many, because the stream
 * syncs to disk for every message.
 *
 * @param batchId unique; a repeated publish is dropped by it
 * @param service who decided, such as {@code ingest}
 * @param decisions at least one
 */
public record AccessBatch(String batchId, String service, List<AccessDecision> decisions) {
  public AccessBatch {
    decisions = List.copyOf(decisions);
  }
}
