package dev.dome.provenance.config;

import dev.dome.messaging.AccessPublisher;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.provenance.application.FollowedLedgers;
import dev.dome.provenance.application.LedgerSource;
import dev.dome.provenance.application.Ledgers;
import dev.dome.provenance.application.ManifestLoop;
import dev.dome.provenance.application.ProvenanceObserver;
import dev.dome.provenance.application.ProvenanceStore;
import dev.dome.provenance.application.Replays;
import dev.dome.web.access.AccessSink;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Puts adapters behind the application's ports, and starts what runs by itself. */
@Singleton
final class Wiring {
  private final ProvenanceConfig config;

  Wiring(ProvenanceConfig config) {
    this.config = config;
  }

  void start(@Observes StartupEvent event, ManifestLoop loop) {
    loop.start();
  }

  void stop(@Observes ShutdownEvent event, ManifestLoop loop) {
    loop.close();
  }

  @Produces
  @Singleton
  AccessSink access(NatsLink link) {
    AccessPublisher publisher = link.accessPublisher();
    return batch -> publisher.publish(batch).thenApply(Publication::stored);
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Ledgers ledgers(LedgerSource source) {
    return new Ledgers(source);
  }

  @Produces
  @Singleton
  FollowedLedgers followed() {
    return new FollowedLedgers(config.manifests().followedChars());
  }

  @Produces
  @Singleton
  Replays replays(
      Ledgers ledgers, ProvenanceStore store, ProvenanceObserver observer, Clock clock) {
    return new Replays(ledgers, store, observer, clock, config.maxReplayRows());
  }

  @Produces
  @Singleton
  ManifestLoop loop(
      ProvenanceStore store,
      FollowedLedgers followed,
      Ledgers ledgers,
      ProvenanceObserver observer,
      Clock clock) {
    ProvenanceConfig.Manifests manifests = config.manifests();
    return new ManifestLoop(
        store,
        followed,
        ledgers,
        observer,
        clock,
        new ManifestLoop.Settings(
            manifests.sweep().toMillis(),
            manifests.batch(),
            manifests.atOnce(),
            manifests.store().toMillis(),
            manifests.ledger().toMillis(),
            manifests.retry().toMillis()));
  }
}
