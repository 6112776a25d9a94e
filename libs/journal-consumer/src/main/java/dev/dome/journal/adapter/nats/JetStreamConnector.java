package dev.dome.journal.adapter.nats;

import dev.dome.contracts.id.Lane;
import dev.dome.journal.JournalApplier;
import dev.dome.journal.JournalEffects;
import dev.dome.journal.LaneShares;
import dev.dome.messaging.CursorSource;
import dev.dome.messaging.JournalBatch;
import dev.dome.messaging.JournalReader;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.ReaderState;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.health.HealthReporter;
import io.smallrye.reactive.messaging.providers.connectors.ExecutionHolder;
import io.smallrye.reactive.messaging.providers.locals.ContextAwareMessage;
import io.vertx.mutiny.core.Context;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.logging.Logger;

/**
 * Incoming channels of {@link JournalBatch}: every lane of DOME_JOURNAL, or this replica's where
 * the service has {@link LaneShares}, each in order and one batch at a time, on a Vert.x context of
 * its own per batch. Acknowledging a message says that its transaction is committed; a negative
 * acknowledgement makes its lane start again behind the cursor of the service's {@link
 * JournalEffects}.
 */
@ApplicationScoped
@Connector(JetStreamConnector.NAME)
@ConnectorAttribute(
    name = "service",
    type = "string",
    direction = Direction.INCOMING,
    mandatory = true,
    description = "Name of the service; its durable consumers are <service>-lane-<n>")
@ConnectorAttribute(
    name = "lanes",
    type = "int",
    direction = Direction.INCOMING,
    defaultValue = "16",
    description = "How many lanes the database was made with")
public class JetStreamConnector implements InboundConnector, HealthReporter {
  public static final String NAME = "dome-jetstream";

  private static final Logger LOG = Logger.getLogger(JetStreamConnector.class);
  private static final Duration LEAVING = Duration.ofSeconds(2);

  private final Instance<NatsLink> link;
  private final Instance<JournalEffects> effects;
  private final Instance<JournalApplier> applier;
  private final Instance<LaneShares> shares;
  private final ExecutionHolder execution;
  private final List<LaneReaders> channels = new CopyOnWriteArrayList<>();

  @Inject
  JetStreamConnector(
      Instance<NatsLink> link,
      Instance<JournalEffects> effects,
      Instance<JournalApplier> applier,
      Instance<LaneShares> shares,
      ExecutionHolder execution) {
    this.link = link;
    this.effects = effects;
    this.applier = applier;
    this.shares = shares;
    this.execution = execution;
  }

  @Override
  public Flow.Publisher<? extends Message<?>> getPublisher(Config config) {
    String service = config.getValue("service", String.class);
    int lanes = config.getOptionalValue("lanes", Integer.class).orElse(Lane.DEFAULT_COUNT);
    // A lane has one batch under way at a time, so the buffer holds at most one batch per lane.
    return Multi.createFrom()
        .emitter(emitter -> read(service, lanes, emitter), BackPressureStrategy.BUFFER);
  }

  private void read(
      String service, int lanes, MultiEmitter<? super Message<JournalBatch>> emitter) {
    NatsLink to = link.get();
    JournalEffects applied = effects.get();
    CursorSource behind = lane -> applied.position(lane).subscribeAsCompletionStage();
    JournalReader.Handler handler =
        new JournalReader.Handler() {
          @Override
          public CompletionStage<Void> apply(JournalBatch batch) {
            return emit(batch, emitter);
          }

          @Override
          public CompletionStage<Long> beyond(Lane lane, long position) {
            return applier.get().beyond(lane, position).subscribeAsCompletionStage();
          }
        };
    LaneReaders readers =
        new LaneReaders(lanes, lane -> JournalReader.read(to, service, lane, behind, handler));
    channels.add(readers);
    emitter.onTermination(readers::close);
    if (shares.isResolvable()) {
      readers.readShare(shares.get());
    } else {
      readers.readAll();
    }
  }

  private CompletionStage<Void> emit(
      JournalBatch batch, MultiEmitter<? super Message<JournalBatch>> emitter) {
    CompletableFuture<Void> committed = new CompletableFuture<>();
    Message<JournalBatch> message =
        Message.of(
            batch,
            () -> {
              committed.complete(null);
              return CompletableFuture.completedFuture(null);
            },
            failure -> {
              committed.completeExceptionally(failure);
              return CompletableFuture.completedFuture(null);
            });
    Context context = execution.vertx().getOrCreateContext();
    context.runOnContext(() -> emitter.emit(ContextAwareMessage.withContextMetadata(message)));
    return committed;
  }

  /** The readers of every channel, for metrics. */
  public List<JournalReader> readers() {
    return channels.stream().flatMap(channel -> channel.all().stream()).toList();
  }

  @Override
  public HealthReport getReadiness() {
    HealthReport.HealthReportBuilder report = HealthReport.builder();
    if (shares.isResolvable()) {
      report.add(NAME + "-shares", channels.stream().allMatch(LaneReaders::settled));
    }
    for (JournalReader reader : readers()) {
      boolean reading = reader.state() instanceof ReaderState.Reading;
      report.add(NAME + "-lane-" + reader.lane(), reading, reader.state().toString());
    }
    return report.build();
  }

  /** While the database can still be told, so that the other replicas need not wait for a term. */
  void leave(@Observes ShutdownEvent event) {
    close();
    if (shares.isResolvable()) {
      try {
        shares.get().leave().await().atMost(LEAVING);
      } catch (RuntimeException e) {
        LOG.infof("lane shares not left type=%s", e.getClass().getSimpleName());
      }
    }
  }

  @PreDestroy
  void close() {
    channels.forEach(LaneReaders::close);
  }
}
