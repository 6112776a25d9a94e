package dev.dome.retryscheduler.application;

import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Tells every lane what became of breakers. */
@FunctionalInterface
public interface BreakerPublisher {
  /**
   * Completes with what became of the messages, all or none of them; fails when the attempt was not
   * made.
   *
   * @param changes at least one
   * @param telling 1 at first, 2 when they are told again: other messages
   */
  Uni<Publication> publish(List<BreakerChange> changes, int telling);
}
