package dev.dome.retryscheduler.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.retryscheduler.application.BreakerLoop;
import dev.dome.retryscheduler.application.BreakerOrder;
import dev.dome.retryscheduler.application.BreakerStore;
import dev.dome.web.Changes;
import dev.dome.web.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/** Carries out orders of operators and has every lane told at once. */
@Singleton
class Steering {
  private static final int CONFLICT = 409;
  private static final ReasonCode KEY_CONFLICT = new ReasonCode("IDEMPOTENCY.CONFLICT");

  private final BreakerStore store;
  private final BreakerLoop loop;
  private final Changes changes;

  @Inject
  Steering(BreakerStore store, BreakerLoop loop, Changes changes) {
    this.store = store;
    this.loop = loop;
    this.changes = changes;
  }

  /** The breaker as it then stands; it is stored, and the lanes hear of it within moments. */
  Uni<BreakerView> carryOut(BreakerOrder order) {
    Consumer<Change> changed = changes.begun();
    return store
        .steer(order)
        .invoke(loop::wake)
        .map(Steering::view)
        .invoke(view -> changed.accept(change(view)));
  }

  /**
   * As it stands, and not as was asked: the repeat of an order that was overruled changes nothing.
   */
  private static Change change(BreakerView breaker) {
    ObjectNode value = Json.mapper().createObjectNode().put("paused", breaker.paused());
    if (breaker.steering() != null) {
      value.put("reason_code", breaker.steering().reasonCode().value());
    }
    return new Change("breaker", breaker.key().value(), value);
  }

  private static BreakerView view(BreakerOrder.Outcome outcome) {
    return switch (outcome) {
      case BreakerOrder.Done done -> BreakerView.brief(done.breaker());
      case BreakerOrder.KeyConflict conflict ->
          throw ProblemException.of(
              CONFLICT, KEY_CONFLICT, "The idempotency key stands for another request.");
    };
  }
}
