package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Uni;

/** Tells a lane what became of a breaker. */
@FunctionalInterface
public interface BreakerPublisher {
  /**
   * Completes with what became of the message; fails when the attempt was not made.
   *
   * @param telling 1 at first, 2 when it is told again: another message
   */
  Uni<Publication> publish(Lane lane, BreakerChange change, int telling);
}
