package dev.dome.retryscheduler.config;

import dev.dome.messaging.CursorSource;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.ServerGuard;
import dev.dome.messaging.StreamsConfig;
import dev.dome.retryscheduler.application.FiringLoop;
import dev.dome.retryscheduler.application.TimerObserver;
import dev.dome.retryscheduler.application.TimerPublisher;
import dev.dome.retryscheduler.application.TimerStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Puts adapters behind the application's ports, and starts what runs by itself. */
@Singleton
final class Wiring {
  private final SchedulerConfig config;

  Wiring(SchedulerConfig config) {
    this.config = config;
  }

  void start(@Observes StartupEvent event, FiringLoop loop) {
    loop.start();
  }

  void stop(@Observes ShutdownEvent event, FiringLoop loop) {
    loop.close();
  }

  /** Connects and makes the streams, unless another service was first. */
  @Produces
  @Singleton
  NatsLink link() {
    SchedulerConfig.Nats nats = config.nats();
    String name = config.replicaId().orElse("retry-scheduler");
    LinkOptions anonymous = LinkOptions.of(nats.url(), name);
    NatsLink link =
        NatsLink.open(
            nats.credentialsFile()
                .map(file -> anonymous.with(new LinkOptions.Access.Credentials(file)))
                .orElse(anonymous));
    link.streams()
        .ensure(new StreamsConfig(nats.inboxMaxBytes(), nats.journalMaxBytes(), nats.replicas()));
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

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  CursorSource cursor(TimerStore store) {
    return lane -> store.position(lane).subscribeAsCompletionStage();
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
            firing.sweep().toMillis(), firing.batch(), firing.round().toMillis()));
  }
}
