package dev.dome.auditexport.config;

import dev.dome.messaging.AccessPublisher;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.web.access.AccessSink;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts adapters behind the ports of libraries. */
@Singleton
final class Wiring {

  /** The audit's own readers are audited like everybody else's. */
  @Produces
  @Singleton
  AccessSink access(NatsLink link) {
    AccessPublisher publisher = link.accessPublisher();
    return batch -> publisher.publish(batch).thenApply(Publication::stored);
  }
}
