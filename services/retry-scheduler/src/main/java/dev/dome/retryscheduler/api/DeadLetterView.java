package dev.dome.retryscheduler.api;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.retryscheduler.application.DeadLetter;
import dev.dome.retryscheduler.application.DeadLetterReads.Listed;
import java.util.List;

/**
 * A dead letter as clients see it.
 *
 * @param cause why the last attempt failed, absent when it gave no reason
 * @param attempts how many there were
 * @param deadAt RFC 3339 UTC
 * @param redrivenAs the newest run that tries the task again, absent while there is none
 * @param redrives every such run, oldest first
 * @param attemptHistory every attempt, oldest first; absent in lists
 */
public record DeadLetterView(
    String deadLetterId,
    DeadLetter.Status status,
    RunId runId,
    RunUid runUid,
    TaskId taskId,
    QueueName queue,
    ReasonCode reasonCode,
    ReasonCode cause,
    int attempts,
    String deadAt,
    RunId redrivenAs,
    List<RedriveView> redrives,
    List<AttemptRecord> attemptHistory) {

  /** A run that tries the task again. */
  public record RedriveView(
      RunId runId, String actor, ReasonCode reasonCode, String comment, String at) {

    static RedriveView of(DeadLetter.Redrive redrive) {
      return new RedriveView(
          redrive.runId(),
          redrive.actor(),
          redrive.reasonCode(),
          redrive.comment(),
          Timestamps.format(redrive.atMs()));
    }
  }

  /** With every attempt. */
  static DeadLetterView whole(Listed listed) {
    return of(listed, listed.deadLetter().attemptHistory());
  }

  /** As a list shows it. */
  static DeadLetterView brief(Listed listed) {
    return of(listed, null);
  }

  private static DeadLetterView of(Listed listed, List<AttemptRecord> history) {
    DeadLetter dead = listed.deadLetter();
    return new DeadLetterView(
        dead.deadLetterId(),
        listed.status(),
        dead.runId(),
        dead.runUid(),
        dead.taskId(),
        dead.queue(),
        dead.reasonCode(),
        dead.cause(),
        dead.attemptHistory().size(),
        Timestamps.format(dead.deadAtMs()),
        listed.redrives().isEmpty() ? null : listed.redrives().getLast().runId(),
        listed.redrives().stream().map(RedriveView::of).toList(),
        history);
  }
}
