package dev.dome.statecontroller.adapter.nats;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.CoreMessages;
import dev.dome.statecontroller.application.Command;
import dev.dome.statecontroller.application.FreedHint;
import dev.dome.statecontroller.application.Mailbox;
import dev.dome.statecontroller.application.ReadyHint;
import java.util.ArrayList;
import java.util.List;

/** Brings claims and hints to the lane writer; a claim that finds no room is asked again. */
public final class ClaimListener implements AutoCloseable {
  private final Mailbox mailbox;
  private final List<CoreMessages.Listening> listening = new ArrayList<>();

  public ClaimListener(CoreMessages core, Mailbox mailbox, String replicaId) {
    this.mailbox = mailbox;
    listening.add(
        core.listen(Subjects.CLAIMS, Subjects.CONTROLLERS, message -> claimed(message, false)));
    listening.add(core.listen(Subjects.claimsOf(replicaId), message -> claimed(message, true)));
    listening.add(core.listen(Subjects.READY_HINT, this::hinted));
    listening.add(core.listen(Subjects.FREED_HINT, this::freed));
  }

  private void claimed(CoreMessages.Incoming message, boolean moved) {
    if (message.replyTo() != null) {
      mailbox.offer(
          new Command.ClaimAsked(
              Json.read(message.body(), Claim.Request.class), message.replyTo(), moved));
    }
  }

  private void hinted(CoreMessages.Incoming message) {
    mailbox.offer(new Command.HintSeen(Json.read(message.body(), ReadyHint.class)));
  }

  private void freed(CoreMessages.Incoming message) {
    mailbox.offer(new Command.FreedSeen(Json.read(message.body(), FreedHint.class)));
  }

  @Override
  public void close() {
    listening.forEach(CoreMessages.Listening::close);
  }
}
