package dev.dome.retryscheduler.application;

import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import java.util.List;

/**
 * A task that was given up.
 *
 * @param deadLetterId run uid, dash, sequence of the event that gave it up
 * @param reasonCode why it was given up
 * @param cause why its last attempt failed, or null
 * @param attemptHistory every attempt, oldest first
 * @param deadAtMs epoch milliseconds
 */
public record DeadLetter(
    String deadLetterId,
    NamespaceId namespace,
    RunUid runUid,
    RunId runId,
    TaskId taskId,
    QueueName queue,
    ReasonCode reasonCode,
    ReasonCode cause,
    List<AttemptRecord> attemptHistory,
    long deadAtMs) {

  /** Whether somebody has tried the task again. */
  public enum Status {
    OPEN,
    REDRIVEN
  }

  /**
   * A run that tries the task of a dead letter again.
   *
   * @param runId of the new run
   * @param actor who asked for it
   * @param atMs epoch milliseconds
   */
  public record Redrive(
      String deadLetterId,
      NamespaceId namespace,
      RunUid runUid,
      RunId runId,
      String actor,
      ReasonCode reasonCode,
      String comment,
      long atMs) {}
}
