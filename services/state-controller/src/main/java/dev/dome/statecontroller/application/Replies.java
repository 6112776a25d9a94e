package dev.dome.statecontroller.application;

import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Outcome;

/**
 * Answers to whoever waits. Sending is best effort and never waits: an answer that is lost is found
 * again by repeating the request.
 */
public interface Replies {
  void outcome(String replyTo, Outcome outcome);

  void claim(String replyTo, Claim.Reply reply);

  void heartbeat(String replyTo, Claim.HeartbeatReply reply);

  /** Tells the other replicas that this one has ready work of a queue and nobody waiting for it. */
  void readyHint(ReadyHint hint);

  /** Tells the other replicas of slots that were given back here and that nobody took. */
  void freedHint(FreedHint hint);

  /** Moves a parked claim to the replica that has work for it; it answers the asker directly. */
  void forward(String replicaId, Claim.Request request, String replyTo);
}
