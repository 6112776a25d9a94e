package dev.dome.statecontroller.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Waiting without a thread. */
final class ContextDelay {
  private ContextDelay() {}

  /**
   * Completes after the time, on the same Vert.x context it was subscribed on: a database session
   * may be opened there, which Mutiny's own timers do not allow.
   */
  static Uni<Void> ofMillis(long ms) {
    return Uni.createFrom()
        .emitter(emitter -> {
          Context context = Vertx.currentContext();
          long timer = context.owner().setTimer(ms, id -> emitter.complete(null));
          emitter.onTermination(() -> context.owner().cancelTimer(timer));
        });
  }
}
