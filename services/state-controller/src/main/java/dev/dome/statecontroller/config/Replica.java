package dev.dome.statecontroller.config;

import dev.dome.contracts.wire.AccessBatch;
import dev.dome.messaging.AccessPublisher;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.messaging.StreamsConfig;
import dev.dome.telemetry.Tracing;
import dev.dome.web.access.AccessSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * This process as one replica, from its start to a graceful end. It starts without a message server
 * and takes no lane until there is one; readiness says what is missing.
 */
@ApplicationScoped
public class Replica implements AccessSink {
  private final ControllerConfig config;
  private final Pool pool;
  private final MeterRegistry registry;
  private final Tracing tracing;
  private NatsLink link;
  private volatile AccessPublisher access;
  private volatile Running running;
  private volatile boolean stopped;

  public Replica(ControllerConfig config, Pool pool, MeterRegistry registry, Tracing tracing) {
    this.config = config;
    this.pool = pool;
    this.registry = registry;
    this.tracing = tracing;
  }

  void start(@Observes StartupEvent event) {
    String id = config.replicaId().orElseGet(() -> "state-controller-" + UUID.randomUUID());
    link = NatsLink.opening(config.nats().applyTo(LinkOptions.of(config.nats().url(), id)));
    access = link.accessPublisher();
    link.onceOpen(() -> begin(id));
  }

  private void begin(String id) {
    StreamsConfig streams =
        new StreamsConfig(
            config.nats().inboxMaxBytes(),
            config.nats().journalMaxBytes(),
            config.nats().replicas());
    link.streams().ensure(streams);
    synchronized (this) {
      if (!stopped) {
        running = new Running(id, config, link, streams, pool, registry, tracing);
        running.start();
      }
    }
  }

  void stop(@Observes ShutdownEvent event) {
    synchronized (this) {
      stopped = true;
    }
    if (running != null) {
      running.stop();
    }
    if (link != null) {
      link.close();
    }
  }

  @Override
  public CompletionStage<Boolean> publish(AccessBatch batch) {
    return access == null
        ? CompletableFuture.completedStage(false)
        : access.publish(batch).thenApply(Publication::stored);
  }

  boolean connected() {
    return link != null && link.connected();
  }

  /** What runs since the message server was there first. */
  Optional<Running> running() {
    return Optional.ofNullable(running);
  }
}
