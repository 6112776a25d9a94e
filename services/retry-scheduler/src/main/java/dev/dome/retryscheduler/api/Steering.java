package dev.dome.retryscheduler.api;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.retryscheduler.application.BreakerLoop;
import dev.dome.retryscheduler.application.BreakerOrder;
import dev.dome.retryscheduler.application.BreakerStore;
import dev.dome.web.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Carries out orders of operators and has every lane told at once. */
@Singleton
class Steering {
  private static final int CONFLICT = 409;
  private static final ReasonCode KEY_CONFLICT = new ReasonCode("IDEMPOTENCY.CONFLICT");

  private final BreakerStore store;
  private final BreakerLoop loop;

  @Inject
  Steering(BreakerStore store, BreakerLoop loop) {
    this.store = store;
    this.loop = loop;
  }

  /** The breaker as it then stands; it is stored, and the lanes hear of it within moments. */
  Uni<BreakerView> carryOut(BreakerOrder order) {
    return store.steer(order).invoke(loop::wake).map(Steering::view);
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
