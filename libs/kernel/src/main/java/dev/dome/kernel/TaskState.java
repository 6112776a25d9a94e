package dev.dome.kernel;

import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.ReasonCode;
import java.util.List;

/**
 * A task as it stands.
 *
 * @param attempt the current or next attempt, from 1
 * @param assigned whether a QUEUED task may be granted now: its dependencies hold and no delay runs
 * @param attemptId the lease's attempt while CLAIMED or RUNNING, else null
 * @param fence of that attempt, else 0
 * @param workerId of that attempt, else null
 * @param retryDueAtMs epoch milliseconds while a delay runs, else null
 * @param result the settled result once GATED, DONE or BLOCKED by a result, else null
 * @param reasonCode why the task is BLOCKED or was last retried, else null
 * @param history finished attempts, oldest first
 */
public record TaskState(
    PlannedTask plan,
    TaskStatus status,
    int attempt,
    boolean assigned,
    AttemptId attemptId,
    long fence,
    String workerId,
    Long retryDueAtMs,
    TaskResult result,
    ReasonCode reasonCode,
    List<AttemptRecord> history) {}
