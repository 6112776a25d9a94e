package dev.dome.retryscheduler.application;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;

/**
 * The inbox message of a change; a lane that heeds it knows a repeat by the version in the body.
 */
public final class BreakerMessages {
  private BreakerMessages() {}

  /** The message to one lane, observed now. */
  public static InboxMessage of(Lane lane, BreakerChange change, int telling, long nowMs) {
    return new InboxMessage(
        operationId(lane, change, telling),
        InboxKind.BREAKER_CHANGED,
        change.namespace(),
        null,
        null,
        TimerMessages.ACTOR,
        null,
        nowMs,
        null,
        null,
        Json.tree(change.breaker()));
  }

  private static String operationId(Lane lane, BreakerChange change, int telling) {
    String name =
        "%s/%s@%d/%s/%d"
            .formatted(
                change.namespace(),
                change.breaker().key(),
                change.breaker().version(),
                lane,
                telling);
    return TimerMessages.operationId(name, change.breaker().sinceMs());
  }
}
