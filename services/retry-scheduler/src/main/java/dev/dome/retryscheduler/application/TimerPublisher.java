package dev.dome.retryscheduler.application;

import dev.dome.messaging.Publication;
import io.smallrye.mutiny.Uni;

/** Tells a timer's run that it is due. */
@FunctionalInterface
public interface TimerPublisher {
  /** Completes with what became of the message; fails when the attempt was not made. */
  Uni<Publication> publish(Timer timer);
}
