package dev.dome.retryscheduler.config;

import dev.dome.journal.LaneShares;
import dev.dome.journal.adapter.db.PgLaneShares;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.journal.config.JournalConfig;
import dev.dome.kernel.BreakerPolicy;
import dev.dome.messaging.AccessPublisher;
import dev.dome.messaging.AtomicBatchPublisher;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.retryscheduler.application.BreakerLoop;
import dev.dome.retryscheduler.application.BreakerObserver;
import dev.dome.retryscheduler.application.BreakerPublisher;
import dev.dome.retryscheduler.application.BreakerStore;
import dev.dome.retryscheduler.application.FiringLoop;
import dev.dome.retryscheduler.application.TimerObserver;
import dev.dome.retryscheduler.application.TimerPublisher;
import dev.dome.retryscheduler.application.TimerStore;
import dev.dome.retryscheduler.webhook.DeliveryLoop;
import dev.dome.web.access.AccessSink;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;

/** Puts adapters behind the application's ports, and starts what runs by itself. */
@Singleton
final class Wiring {
  private final SchedulerConfig config;

  Wiring(SchedulerConfig config) {
    this.config = config;
  }

  void start(
      @Observes StartupEvent event, FiringLoop loop, BreakerLoop breakers, DeliveryLoop webhooks) {
    loop.start();
    breakers.start();
    webhooks.start();
  }

  void stop(
      @Observes ShutdownEvent event, FiringLoop loop, BreakerLoop breakers, DeliveryLoop webhooks) {
    loop.close();
    breakers.close();
    webhooks.close();
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

  /** Several replicas share the lanes; each fires whatever timers it finds due. */
  @Produces
  @Singleton
  LaneShares shares(Transactions transactions, JournalConfig journal) {
    return new PgLaneShares(
        transactions,
        journal.replicaId().orElseGet(() -> UUID.randomUUID().toString()),
        config.laneTerm().toMillis());
  }

  @Produces
  @Singleton
  BreakerPolicy policy() {
    SchedulerConfig.Breakers breakers = config.breakers();
    return new BreakerPolicy(
        breakers.version(),
        breakers.window().toMillis(),
        breakers.minimumVolume(),
        breakers.failurePercent(),
        breakers.open().toMillis(),
        breakers.probes());
  }

  @Produces
  @Singleton
  BreakerLoop breakers(
      BreakerStore store, BreakerPublisher publisher, BreakerObserver observer, Clock clock) {
    SchedulerConfig.Firing firing = config.firing();
    return new BreakerLoop(
        store,
        publisher,
        observer,
        clock,
        new BreakerLoop.Settings(
            firing.sweep().toMillis(),
            AtomicBatchPublisher.MAX_MESSAGES / config.breakers().laneCount(),
            firing.round().toMillis(),
            firing.again().toMillis()));
  }

  @Produces
  @Singleton
  FiringLoop loop(TimerStore store, TimerPublisher publisher, TimerObserver observer, Clock clock) {
    SchedulerConfig.Firing firing = config.firing();
    return new FiringLoop(
        store,
        publisher,
        observer,
        clock,
        new FiringLoop.Settings(
            firing.sweep().toMillis(),
            firing.batch(),
            firing.round().toMillis(),
            firing.gather().toMillis()));
  }
}
