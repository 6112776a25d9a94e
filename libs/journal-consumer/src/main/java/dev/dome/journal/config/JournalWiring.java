package dev.dome.journal.config;

import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.ServerGuard;
import dev.dome.messaging.StreamsConfig;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The link that a consumer reads by; a service that also publishes uses the same one. */
@Singleton
final class JournalWiring {
  private final JournalConfig config;

  JournalWiring(JournalConfig config) {
    this.config = config;
  }

  /** Connects and makes the streams, unless another service was first; with or without a server. */
  @Produces
  @Singleton
  NatsLink link() {
    JournalConfig.Nats nats = config.nats();
    String name = config.replicaId().orElse(config.service());
    NatsLink link = NatsLink.opening(nats.applyTo(LinkOptions.of(nats.url(), name)));
    StreamsConfig streams =
        new StreamsConfig(nats.inboxMaxBytes(), nats.journalMaxBytes(), nats.replicas());
    link.onceOpen(() -> link.streams().ensure(streams));
    return link;
  }

  void close(@Disposes NatsLink link) {
    link.close();
  }

  @Produces
  @Singleton
  ServerGuard guard() {
    return new ServerGuard(config.nats().monitorUrl());
  }
}
