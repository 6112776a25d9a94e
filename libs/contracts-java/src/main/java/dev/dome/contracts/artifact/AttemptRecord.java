package dev.dome.contracts.artifact;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;

/** One finished attempt in a task's history. */
public record AttemptRecord(
    TaskId taskId,
    ResultStatus status,
    int attempt,
    AttemptId attemptId,
    ReasonCode reasonCode,
    String workerId,
    String finishedAt) {}
