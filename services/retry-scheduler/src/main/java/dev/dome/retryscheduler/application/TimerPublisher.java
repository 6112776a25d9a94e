package dev.dome.retryscheduler.application;

import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;

/** Tells the runs of timers that they are due. */
@FunctionalInterface
public interface TimerPublisher {
  /** Completes with what became of the messages; fails when the attempt was not made. */
  Uni<Sent> publish(List<Timer> due);

  /**
   * What became of the messages.
   *
   * @param stored ids of the timers whose message is acknowledged
   * @param failures why others are not; each may stand for many timers
   */
  record Sent(Set<String> stored, List<Publication.Failed> failures) {}
}
