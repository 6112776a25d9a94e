package dev.dome.ingest.application;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.InboxMessage.IdempotencyKey;
import dev.dome.security.Hmac;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Turns a checked request into the inbox message of its lane, with its idempotency key. */
public final class Writes {
  private static final byte[] NO_BODY = {};

  private final Acceptance acceptance;
  private final Outcomes outcomes;
  private final Hmac hmac;
  private final OperationIds operationIds;
  private final InstantSource clock;
  private final int laneCount;

  public Writes(
      Acceptance acceptance,
      Outcomes outcomes,
      Hmac hmac,
      OperationIds operationIds,
      InstantSource clock,
      int laneCount) {
    this.acceptance = acceptance;
    this.outcomes = outcomes;
    this.hmac = hmac;
    this.operationIds = operationIds;
    this.clock = clock;
    this.laneCount = laneCount;
  }

  /**
   * What is asked for.
   *
   * @param operation the name its idempotency key is filed under
   * @param key absent when repeats are not to be recognised
   * @param body one of {@link InboxBodies}
   */
  public record Request(InboxKind kind, String operation, Optional<Key> key, Object body) {}

  /**
   * What a repeat is recognised by.
   *
   * @param derived whether it was made from the request, for want of one that the client chose
   */
  public record Key(String text, boolean derived) {
    public static Key chosen(String text) {
      return new Key(text, false);
    }

    public static Key derived(String text) {
      return new Key(text, true);
    }
  }

  /**
   * Puts a request about a run on the run's lane.
   *
   * @param rawBody the bytes as received, for the digest
   */
  public CompletionStage<Answer> aboutRun(
      Requester requester, RunId runId, byte[] rawBody, Request request) {
    Lane lane = Lane.of(requester.namespace(), runId, laneCount);
    return acceptance.accept(lane, message(requester, runId, null, rawBody, request));
  }

  /** Puts a request about an attempt on the lane its id names. */
  public CompletionStage<Answer> aboutAttempt(
      Requester requester, AttemptId attemptId, byte[] rawBody, Request request) {
    return aboutAttemptOf(requester, null, attemptId, rawBody, request);
  }

  /**
   * As {@link #aboutAttempt}.
   *
   * @param runId the run the attempt must be of, or null when any will do
   */
  public CompletionStage<Answer> aboutAttemptOf(
      Requester requester, RunId runId, AttemptId attemptId, byte[] rawBody, Request request) {
    return laneOf(attemptId)
        .map(
            lane -> acceptance.accept(lane, message(requester, runId, attemptId, rawBody, request)))
        .orElseGet(() ->
            CompletableFuture.completedStage(
                new Answer.Refused(
                    Refusal.of("ATTEMPT.NOT_FOUND", "There is no attempt with this id."))));
  }

  /** Puts a request about a lane itself on that lane; no key recognises a repeat of it. */
  public CompletionStage<Answer> aboutLane(Requester requester, Lane lane, Request request) {
    return acceptance.accept(lane, message(requester, null, null, NO_BODY, request));
  }

  /** The keyed digest of a text, for keys that stand for it. */
  public String digestOf(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The keyed digest of a body, for keys that stand for its content. */
  String digest(byte[] rawBody) {
    return hmac.hex(rawBody);
  }

  /** Absent when the id names a lane that does not exist: no such attempt was ever granted. */
  public Optional<Lane> laneOf(AttemptId attemptId) {
    return Optional.of(attemptId.lane()).filter(lane -> lane.number() < laneCount);
  }

  private InboxMessage message(
      Requester requester, RunId runId, AttemptId attemptId, byte[] rawBody, Request request) {
    return new InboxMessage(
        operationIds.next(),
        request.kind(),
        requester.namespace(),
        runId,
        attemptId,
        requester.actor(),
        request.key().map(key -> idempotencyKey(key, rawBody, request)).orElse(null),
        clock.millis(),
        requester.traceparent(),
        outcomes.replyTo(),
        Json.tree(request.body()));
  }

  private IdempotencyKey idempotencyKey(Key key, byte[] rawBody, Request request) {
    return new IdempotencyKey(
        request.operation(), key.text(), hmac.hex(rawBody), hmac.keyId(), key.derived());
  }
}
