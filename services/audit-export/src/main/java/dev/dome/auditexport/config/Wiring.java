package dev.dome.auditexport.config;

import dev.dome.auditexport.retention.PurgeLoop;
import dev.dome.auditexport.retention.PurgeObserver;
import dev.dome.auditexport.retention.PurgeStore;
import dev.dome.messaging.AccessPublisher;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.web.access.AccessSink;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Puts adapters behind ports, and starts what runs by itself. */
@Singleton
final class Wiring {
  private final AuditConfig config;

  Wiring(AuditConfig config) {
    this.config = config;
  }

  void start(@Observes StartupEvent event, PurgeLoop purges) {
    purges.start();
  }

  void stop(@Observes ShutdownEvent event, PurgeLoop purges) {
    purges.close();
  }

  /** The audit's own readers are audited like everybody else's. */
  @Produces
  @Singleton
  AccessSink access(NatsLink link) {
    AccessPublisher publisher = link.accessPublisher();
    return batch -> publisher.publish(batch).thenApply(Publication::stored);
  }

  @Produces
  @Singleton
  PurgeLoop purges(PurgeStore store, PurgeObserver observer) {
    AuditConfig.Purging purging = config.purging();
    return new PurgeLoop(
        store,
        observer,
        Clock.systemUTC(),
        new PurgeLoop.Settings(
            purging.every().toMillis(),
            purging.retry().toMillis(),
            purging.timeout().toMillis(),
            purging.enabled()));
  }
}
