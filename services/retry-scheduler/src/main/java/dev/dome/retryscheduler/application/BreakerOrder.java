package dev.dome.retryscheduler.application;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.kernel.Breaker;
import dev.dome.kernel.BreakerSteering;
import java.util.Optional;

/**
 * What an operator asks of a breaker.
 *
 * @param actor the operator's subject
 * @param comment in the operator's words and without secrets, null when there is none
 * @param idempotencyKey what a repeat is known by; without one a repeat is a new request, which
 *     changes nothing as long as nobody asked for the opposite in between
 */
public record BreakerOrder(
    NamespaceId namespace,
    BreakerKey key,
    BreakerSteering.Action action,
    String actor,
    ReasonCode reasonCode,
    String comment,
    Optional<String> idempotencyKey) {

  /** What an order came to. */
  public sealed interface Outcome {}

  /** The breaker as it now stands. */
  public record Done(Breaker breaker) implements Outcome {}

  /** Nothing, because the idempotency key stands for another request. */
  public record KeyConflict() implements Outcome {}

  /** The breaker after the order; the same when it is already so. */
  public Breaker on(Breaker breaker, long nowMs) {
    return switch (action) {
      case PAUSED -> breaker.pause(actor, reasonCode, comment, nowMs);
      case RESUMED -> breaker.resume(actor, reasonCode, comment, nowMs);
    };
  }

  /** Names what is asked under a key, besides the key itself. */
  public String operation() {
    return switch (action) {
      case PAUSED -> "breakers.pause";
      case RESUMED -> "breakers.resume";
    };
  }

  /** SHA-256 over what the request says, in hexadecimal. */
  public String digest() {
    return CanonicalJson.sha256(
        Json.mapper()
            .createObjectNode()
            .put("key", key.value())
            .put("reason_code", reasonCode.value())
            .put("comment", comment));
  }
}
