package dev.dome.statecontroller.adapter.nats;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Outcome;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.CoreMessages;
import dev.dome.statecontroller.application.FreedHint;
import dev.dome.statecontroller.application.ReadyHint;
import dev.dome.statecontroller.application.Replies;

/** Answers and hints over core NATS; what is lost is asked for again. */
public final class NatsReplies implements Replies {
  private final CoreMessages core;

  public NatsReplies(CoreMessages core) {
    this.core = core;
  }

  @Override
  public void outcome(String replyTo, Outcome outcome) {
    core.send(replyTo, Json.write(outcome), null);
  }

  @Override
  public void claim(String replyTo, Claim.Reply reply) {
    core.send(replyTo, Json.write(reply), null);
  }

  @Override
  public void heartbeat(String replyTo, Claim.HeartbeatReply reply) {
    core.send(replyTo, Json.write(reply), null);
  }

  @Override
  public void readyHint(ReadyHint hint) {
    core.send(Subjects.READY_HINT, Json.write(hint), null);
  }

  @Override
  public void freedHint(FreedHint hint) {
    core.send(Subjects.FREED_HINT, Json.write(hint), null);
  }

  @Override
  public void forward(String replicaId, Claim.Request request, String replyTo) {
    core.send(Subjects.claimsOf(replicaId), replyTo, Json.write(request), request.traceparent());
  }
}
