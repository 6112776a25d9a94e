package dev.dome.retryscheduler.adapter.nats;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.InboxPublisher;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.retryscheduler.application.BreakerChange;
import dev.dome.retryscheduler.application.BreakerMessages;
import dev.dome.retryscheduler.application.BreakerPublisher;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.eclipse.microprofile.faulttolerance.Timeout;

/** Publishes changes of breakers to DOME_INBOX. */
@ApplicationScoped
public class InboxBreakerPublisher implements BreakerPublisher {
  private final InboxPublisher inbox;
  private final Clock clock;

  @Inject
  InboxBreakerPublisher(NatsLink link, Clock clock) {
    this.inbox = link.inboxPublisher();
    this.clock = clock;
  }

  @Override
  @Timeout(7_000)
  public Uni<Publication> publish(Lane lane, BreakerChange change, int telling) {
    return Uni.createFrom()
        .completionStage(
            () -> inbox.publish(lane, BreakerMessages.of(lane, change, telling, clock.millis())));
  }
}
