package dev.dome.retryscheduler.application;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.InboxMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

/** The inbox message of a due timer; the same firing always makes the same operation and key. */
public final class TimerMessages {
  static final Actor ACTOR = new Actor("system:retry-scheduler", List.of());

  /** The body is dome's own, so its plain digest takes the place of a keyed one. */
  private static final String UNKEYED = "sha256";

  private TimerMessages() {}

  /** The message, observed now. */
  public static InboxMessage of(Timer timer, long nowMs, String traceparent) {
    ObjectNode body = body(timer);
    String name = timer.firing() == 1 ? timer.timerId() : timer.timerId() + "/" + timer.firing();
    return new InboxMessage(
        operationId(name, timer.dueAtMs()),
        timer.kind().inboxKind(),
        timer.namespace(),
        timer.leased() == null ? timer.runId() : null,
        timer.leased() == null ? null : timer.leased().attemptId(),
        ACTOR,
        new InboxMessage.IdempotencyKey(
            "timers.fire", name, CanonicalJson.sha256(body), UNKEYED, false),
        nowMs,
        traceparent,
        null,
        body);
  }

  private static ObjectNode body(Timer timer) {
    ObjectNode body = Json.mapper().createObjectNode();
    switch (timer.kind()) {
      case RETRY -> {
        body.put("task_id", timer.task().taskId().value());
        body.put("attempt", timer.task().attempt());
      }
      case TASK_DEADLINE -> body.put("fence", timer.leased().fence());
      case RUN_DEADLINE, APPROVAL_EXPIRY ->
          body.put("reason_code", timer.kind().reasonCode().value());
    }
    return body;
  }

  /** A UUIDv7 of that time whose random part is a digest of the name. */
  static String operationId(String name, long atMs) {
    ByteBuffer digest = ByteBuffer.wrap(sha256(name));
    long high = (atMs << 16) | 0x7000 | (digest.getLong() & 0x0fff);
    long low = (digest.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
