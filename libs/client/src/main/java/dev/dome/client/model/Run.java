package dev.dome.client.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A run, as the server tells it. Times are RFC 3339 UTC.
 *
 * @param waitingOn null for a final run
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
    JsonNode waitingOn,
    Position position) {}
