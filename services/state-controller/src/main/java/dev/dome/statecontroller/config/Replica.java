package dev.dome.statecontroller.config;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.kernel.PolicySet;
import dev.dome.messaging.AccessPublisher;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.messaging.StreamsConfig;
import dev.dome.statecontroller.adapter.db.PgJournalTable;
import dev.dome.statecontroller.adapter.db.PgLaneLeases;
import dev.dome.statecontroller.adapter.db.PgStore;
import dev.dome.statecontroller.adapter.db.PgUpkeep;
import dev.dome.statecontroller.adapter.nats.ClaimListener;
import dev.dome.statecontroller.adapter.nats.NatsInbox;
import dev.dome.statecontroller.adapter.nats.NatsJournalStream;
import dev.dome.statecontroller.adapter.nats.NatsReplies;
import dev.dome.statecontroller.adapter.telemetry.WriterTelemetry;
import dev.dome.statecontroller.application.JournalPublisher;
import dev.dome.statecontroller.application.LaneKeeper;
import dev.dome.statecontroller.application.LaneWriter;
import dev.dome.statecontroller.application.Mailbox;
import dev.dome.telemetry.Tracing;
import dev.dome.web.access.AccessSink;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** This process as one replica: its threads, from start to a graceful end. */
@ApplicationScoped
public class Replica implements AccessSink {
  private static final Logger LOG = Logger.getLogger(Replica.class);
  private static final String POLICIES = "/ssot/policy/runtime.policies.json";
  private static final long PUBLISH_EVERY_MS = 250;

  /** Rows committed meanwhile share a message and its fsync; no request waits for it. */
  private static final long PUBLISH_PAUSE_MS = 20;

  private final ControllerConfig config;
  private final Pool pool;
  private final MeterRegistry registry;
  private final Tracing tracing;
  private final WriterTelemetry telemetry;
  private Mailbox mailbox;
  private NatsLink link;
  private volatile AccessPublisher access;
  private CoreMessages core;
  private NatsInbox inbox;
  private ClaimListener claims;
  private LaneWriter writer;
  private LaneKeeper keeper;
  private JournalPublisher publisher;
  private Housekeeping housekeeping;
  private Loops loops;

  public Replica(ControllerConfig config, Pool pool, MeterRegistry registry, Tracing tracing) {
    this.config = config;
    this.pool = pool;
    this.registry = registry;
    this.tracing = tracing;
    this.telemetry = new WriterTelemetry(registry, tracing);
  }

  void start(@Observes StartupEvent event) {
    String id = config.replicaId().orElseGet(() -> "state-controller-" + UUID.randomUUID());
    link = NatsLink.open(config.nats().applyTo(LinkOptions.of(config.nats().url(), id)));
    StreamsConfig streams =
        new StreamsConfig(
            config.nats().inboxMaxBytes(),
            config.nats().journalMaxBytes(),
            config.nats().replicas());
    link.streams().ensure(streams);
    access = link.accessPublisher();
    core = link.core();
    mailbox = new Mailbox(config.writer().mailbox());
    inbox = new NatsInbox(link, core, mailbox);
    publisher =
        new JournalPublisher(new PgJournalTable(pool), new NatsJournalStream(link, tracing));
    writer = writer(id);
    keeper =
        new LaneKeeper(
            id,
            new PgLaneLeases(pool),
            mailbox,
            config.lanes().termMs(),
            config.lanes().releaseWaitMs());
    claims = new ClaimListener(core, mailbox, id);
    housekeeping =
        new Housekeeping(
            link.streams(),
            streams,
            keeper,
            publisher,
            new PgUpkeep(pool),
            mailbox,
            registry,
            config.nats().monitorUrl());
    measure();
    run();
  }

  private LaneWriter writer(String id) {
    PolicySet policies = policies();
    return new LaneWriter(
        id,
        new LaneWriter.Ports(
            inbox, new PgStore(pool), publisher, new NatsReplies(core), System::currentTimeMillis),
        mailbox,
        () -> policies,
        telemetry,
        LaneWriter.Pace.DEFAULT.with(config.writer().maxBatch(), config.writer().cacheWeight()));
  }

  static PolicySet policies() {
    try (InputStream in = Replica.class.getResourceAsStream(POLICIES)) {
      return Json.read(in.readAllBytes(), PolicySet.class);
    } catch (IOException e) {
      throw new UncheckedIOException("the default policies are part of this program", e);
    }
  }

  private void measure() {
    gauge("dome.lane.mailbox", "Messages taken from NATS that no batch has taken", mailbox::size);
    gauge("dome.lane.inbox.pending", "Messages NATS holds for the owned lanes", inbox::pending);
    gauge("dome.lane.claims.parked", "Claims that wait for a task", writer::parkedClaims);
    gauge("dome.lane.publish.waiting", "Rows committed and not published", publisher::waiting);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  private void run() {
    loops = new Loops();
    loops.start("lane-writer", writer);
    loops.every("lane-keeper", config.lanes().renewEveryMs(), keeper::tick);
    loops.every("housekeeping", Housekeeping.EVERY_MS, housekeeping::pass);
    loops.every("journal-record", PUBLISH_EVERY_MS, publisher::record);
    loops.every(
        "journal-publisher",
        PUBLISH_PAUSE_MS,
        () -> {
          publisher.await(PUBLISH_EVERY_MS);
          publisher.round();
        });
  }

  /** Lanes go first, so that another replica has them before this one is gone. */
  void stop(@Observes ShutdownEvent event) {
    if (loops == null) {
      return;
    }
    try {
      loops.stop("lane-keeper");
      claims.close();
      keeper.leave();
      publisher.record();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("lanes were not released", e);
    }
    writer.stop();
    loops.stopAll(TimeUnit.SECONDS.toMillis(3));
    core.close();
    link.close();
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

  /** Whether nothing waits, or something was committed not long ago. */
  boolean progressing() {
    boolean waiting = mailbox.size() > 0 || inbox.pending() > 0;
    return !waiting || telemetry.sinceCommitMs() < config.writer().stalledAfterMs();
  }

  /** Whether the lanes were renewed not long ago. */
  boolean renewing() {
    return loops != null && loops.sinceSuccessMs("lane-keeper") < 3 * config.lanes().termMs();
  }

  Housekeeping housekeeping() {
    return housekeeping;
  }
}
