package dev.dome.ingest.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.ingest.application.Inbox.Publication;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The contract of acceptance: nothing is answered before the inbox has it on disk, then the outcome
 * is awaited for a while. Silence after that is 202, because the message cannot be lost any more.
 */
public final class Acceptance {
  private static final int FULL_RETRY_AFTER_SECONDS = 5;
  private static final int AWAY_RETRY_AFTER_SECONDS = 2;
  private static final int BUSY_RETRY_AFTER_SECONDS = 1;

  private final Inbox inbox;
  private final Outcomes outcomes;
  private final Duration outcomeWait;
  private final AcceptanceMeter meter;
  private final Admission admission;

  /**
   * Acceptance over these ports.
   *
   * @param outcomeWait from the moment of publishing
   * @param admission of submissions
   */
  public Acceptance(
      Inbox inbox,
      Outcomes outcomes,
      Duration outcomeWait,
      AcceptanceMeter meter,
      Admission admission) {
    this.inbox = inbox;
    this.outcomes = outcomes;
    this.outcomeWait = outcomeWait;
    this.meter = meter;
    this.admission = admission;
  }

  /** Never completes exceptionally: every way it can end is an {@link Answer}. */
  public CompletionStage<Answer> accept(Lane lane, InboxMessage message) {
    if (isLimited(message) && !admission.enter()) {
      return CompletableFuture.completedStage(overloaded(message));
    }
    long publishedAtNs = System.nanoTime();
    CompletionStage<Optional<Outcome>> outcome = outcomes.await(message.operationId(), outcomeWait);
    return inbox
        .publish(lane, message)
        .thenCompose(publication -> {
          meter.published(publication, System.nanoTime() - publishedAtNs);
          return switch (publication) {
            case Publication.Stored stored -> decided(message, outcome, publishedAtNs);
            case Publication.Full full -> given(message, inboxFull(message));
            case Publication.TooLarge tooLarge -> given(message, tooLarge());
            case Publication.Away away -> given(message, away(message));
            case Publication.Unanswered unanswered -> given(message, unanswered(message));
          };
        });
  }

  /** New work alone: what ends work that is under way makes room. */
  private static boolean isLimited(InboxMessage message) {
    return message.kind() == InboxKind.SUBMIT_RUN;
  }

  private CompletionStage<Answer> decided(
      InboxMessage message, CompletionStage<Optional<Outcome>> outcome, long publishedAtNs) {
    return outcome.thenApply(arrived -> {
      long nowNs = System.nanoTime();
      meter.waited(arrived.isPresent(), nowNs - publishedAtNs);
      if (isLimited(message)) {
        admit(arrived.isPresent(), nowNs, nowNs - publishedAtNs);
      }
      return arrived
          .<Answer>map(Answer.Decided::new)
          .orElseGet(() -> new Answer.Queued(message.namespace(), message.operationId()));
    });
  }

  private void admit(boolean isDecided, long nowNs, long waitedNs) {
    if (isDecided) {
      admission.decided(nowNs, waitedNs);
    } else {
      admission.silent(nowNs);
    }
  }

  private CompletionStage<Answer> given(InboxMessage message, Answer answer) {
    outcomes.forget(message.operationId());
    if (isLimited(message)) {
      admission.left();
    }
    return CompletableFuture.completedStage(answer);
  }

  /** What a submission is answered while as many as may wait for their outcomes. */
  public static Refusal overloaded() {
    return Refusal.of(
        "INFRA.OVERLOADED",
        "As many submissions as may wait for their decision; nothing was stored. Repeat the"
            + " request later.");
  }

  /** After what it may be repeated. */
  public static int overloadedRetryAfterSeconds() {
    return BUSY_RETRY_AFTER_SECONDS;
  }

  private static Answer overloaded(InboxMessage message) {
    return new Answer.Unavailable(
        Answer.Stored.NO, overloaded(), BUSY_RETRY_AFTER_SECONDS, message.operationId());
  }

  private static Answer inboxFull(InboxMessage message) {
    return new Answer.Unavailable(
        Answer.Stored.NO,
        Refusal.of(
            "INFRA.INBOX_FULL", "The inbox is full; nothing was stored. Repeat the request later."),
        FULL_RETRY_AFTER_SECONDS,
        message.operationId());
  }

  private static Answer tooLarge() {
    return new Answer.Refused(
        Refusal.of("REQUEST.BODY_TOO_LARGE", "The request is larger than a message may be."));
  }

  private static Answer away(InboxMessage message) {
    return new Answer.Unavailable(
        Answer.Stored.NO,
        Refusal.of(
            "INFRA.NATS_UNAVAILABLE",
            "The message server is away; nothing was stored. Repeat the request later."),
        AWAY_RETRY_AFTER_SECONDS,
        message.operationId());
  }

  private static Answer unanswered(InboxMessage message) {
    return new Answer.Unavailable(
        Answer.Stored.UNKNOWN,
        Refusal.of(
            "INFRA.NATS_UNAVAILABLE",
            "The message server did not answer, so the request may have been stored or not."
                + " Repeating it with the same key and body is safe."),
        AWAY_RETRY_AFTER_SECONDS,
        message.operationId());
  }
}
