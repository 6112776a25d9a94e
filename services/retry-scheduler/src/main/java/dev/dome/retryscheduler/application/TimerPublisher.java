package dev.dome.retryscheduler.application;

import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Tells the runs of timers that they are due. */
@FunctionalInterface
public interface TimerPublisher {
  /**
   * Completes with what became of the messages, all or none of them; fails when the attempt was not
   * made.
   *
   * @param due at least one
   */
  Uni<Publication> publish(List<Timer> due);
}
