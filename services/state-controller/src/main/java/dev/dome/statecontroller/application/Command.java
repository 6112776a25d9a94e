package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Claim;
import java.util.List;

/** What the lane writer's thread is asked to do. */
public sealed interface Command {

  /** How much of the heap it may hold for long; 0 for all that is small. */
  default long bytes() {
    return 0;
  }

  /**
   * A message of a lane's inbox.
   *
   * @param reader that brought it; readers before the lane's last one are not listened to, because
   *     two readers of one lane could bring messages out of order
   */
  // The bytes are handed on once and never compared, so a copy or a wrapper would buy nothing.
  @SuppressWarnings("ArrayRecordComponent")
  record Delivery(Lane lane, long reader, String incarnation, long sequence, byte[] body)
      implements Command {
    @Override
    public long bytes() {
      return body.length;
    }
  }

  /**
   * A worker asks for tasks.
   *
   * @param moved whether another replica moved the claim here
   */
  record ClaimAsked(Claim.Request request, String replyTo, boolean moved) implements Command {
    /** A claim that comes from its asker. */
    public ClaimAsked(Claim.Request request, String replyTo) {
      this(request, replyTo, false);
    }
  }

  /** Other workers drain than before. */
  record DrainsChanged(Drains drains) implements Command {}

  /** A worker shows a sign of life. */
  record HeartbeatAsked(Claim.Heartbeat heartbeat, String replyTo) implements Command {}

  /** Another replica has work that it has not granted. */
  record HintSeen(ReadyHint hint) implements Command {}

  /** Another replica has slots free that tasks held back here may wait for. */
  record FreedSeen(FreedHint hint) implements Command {}

  /** The store made this replica the lane's owner under an epoch. */
  record LaneGained(Lane lane, long epoch) implements Command {}

  /** The store said that the epoch is over. */
  record LaneLost(Lane lane, long epoch) implements Command {}

  /** Let go of a lane between two batches, then run the continuation. */
  record LaneRelease(Lane lane, long epoch, Runnable released) implements Command {}

  /** A task whose delay is long over: whatever should have woken it did not come. */
  record RetryOverdue(Lane lane, RunUid runUid, TaskId taskId, int attempt) implements Command {}

  /** Tasks that have long been ready; the index must hold them. */
  record Reindex(List<ReadyTask> tasks) implements Command {}
}
