package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.RunStatus;

/**
 * A run's row: enough for a list, and where its journal is found.
 *
 * @param sequence of its last journal row
 * @param headHash hash of that row
 * @param stateHash SHA-256 over the canonical JSON of its state
 * @param reasonCode why it was cancelled, expired or rejected, else null
 * @param redriveOf the run it redrives, or null
 */
public record RunRecord(
    RunUid runUid,
    NamespaceId namespace,
    RunId runId,
    RunStatus status,
    boolean paused,
    long sequence,
    String headHash,
    String stateHash,
    int deciderVersion,
    String policyDigest,
    String submitter,
    ReasonCode reasonCode,
    long createdAtMs,
    long changedAtMs,
    RunId redriveOf) {}
