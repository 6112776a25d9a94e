package dev.dome.retryscheduler.adapter.nats;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.InboxPublisher;
import dev.dome.messaging.InboxPublisher.Addressed;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.retryscheduler.application.BreakerChange;
import dev.dome.retryscheduler.application.BreakerMessages;
import dev.dome.retryscheduler.application.BreakerPublisher;
import dev.dome.retryscheduler.config.SchedulerConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.faulttolerance.Timeout;

/** Publishes changes of breakers to DOME_INBOX, to every lane in one atomic batch. */
@ApplicationScoped
public class InboxBreakerPublisher implements BreakerPublisher {
  private final InboxPublisher inbox;
  private final Clock clock;
  private final int lanes;

  @Inject
  InboxBreakerPublisher(NatsLink link, Clock clock, SchedulerConfig config) {
    this.inbox = link.inboxPublisher();
    this.clock = clock;
    this.lanes = config.breakers().laneCount();
  }

  @Override
  @Timeout(7_000)
  public Uni<Publication> publish(List<BreakerChange> changes, int telling) {
    List<Addressed> messages = new ArrayList<>(changes.size() * lanes);
    for (BreakerChange change : changes) {
      for (int number = 0; number < lanes; number++) {
        Lane lane = new Lane(number);
        messages.add(
            new Addressed(lane, BreakerMessages.of(lane, change, telling, clock.millis())));
      }
    }
    return Uni.createFrom().completionStage(() -> inbox.publishAll(messages));
  }
}
