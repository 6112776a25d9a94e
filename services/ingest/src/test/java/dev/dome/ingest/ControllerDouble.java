package dev.dome.ingest;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.CoreMessages.Incoming;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Plays the state-controllers where NATS ends: hears what ingest puts into the inbox, answers as it
 * is told to, and stays silent by default.
 */
final class ControllerDouble implements AutoCloseable {
  private final NatsLink link;
  private final CoreMessages core;
  private final List<InboxMessage> heard = new CopyOnWriteArrayList<>();
  private volatile String lastSubject;
  private volatile Function<InboxMessage, Optional<Outcome>> decide = message -> Optional.empty();

  ControllerDouble(String natsUrl) {
    this.link = NatsLink.open(LinkOptions.of(natsUrl, "controller-double"));
    this.core = link.core();
    core.listen(Subjects.INBOX_ALL, this::inbox);
  }

  /** From now on every inbox message is decided so. */
  void decides(Function<InboxMessage, Outcome> decision) {
    decide = message -> Optional.of(decision.apply(message));
  }

  void staysSilent() {
    decide = message -> Optional.empty();
  }

  /** From now on claims are answered so; null leaves one unanswered. */
  void answersClaims(Function<Claim.Request, Claim.Reply> reply) {
    core.listen(
        Subjects.CLAIMS,
        Subjects.CONTROLLERS,
        message -> answer(message, reply.apply(Json.read(message.body(), Claim.Request.class))));
  }

  void answersHeartbeats(String subject, Function<Claim.Heartbeat, Claim.HeartbeatReply> reply) {
    core.listen(
        subject,
        message -> answer(message, reply.apply(Json.read(message.body(), Claim.Heartbeat.class))));
  }

  /** The messages about a namespace, in order of arrival. */
  List<InboxMessage> heardOf(String namespace) {
    return heard.stream().filter(m -> m.namespace().value().equals(namespace)).toList();
  }

  InboxMessage lastOf(String namespace) {
    return heardOf(namespace).getLast();
  }

  /** The subject of the inbox message that came last. */
  String lastSubject() {
    return lastSubject;
  }

  private void inbox(Incoming incoming) {
    lastSubject = incoming.subject();
    InboxMessage message = Json.read(incoming.body(), InboxMessage.class);
    heard.add(message);
    decide
        .apply(message)
        .ifPresent(outcome -> core.send(message.replyTo(), Json.write(outcome), null));
  }

  private void answer(Incoming message, Object reply) {
    if (reply != null) {
      core.send(message.replyTo(), Json.write(reply), null);
    }
  }

  @Override
  public void close() {
    core.close();
    link.close();
  }
}
