package dev.dome.client.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A run, as the server tells it. Times are RFC 3339 UTC.
 *
 * @param tasks null in lists
 * @param gateDigest what an approval must name, null before the gate has decided
 * @param waitingOn null for a final run
 * @param headHash hash of the journal row at the position
 */
public record Run(
    String runId,
    String runUid,
    String namespace,
    RunStatus status,
    boolean paused,
    String submitter,
    String baseRef,
    String createdAt,
    String changedAt,
    String deadlineAt,
    String reasonCode,
    TaskCounts tasks,
    String gateDigest,
    JsonNode waitingOn,
    Position position,
    String headHash,
    String stateHash) {}
