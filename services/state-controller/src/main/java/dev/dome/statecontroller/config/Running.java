package dev.dome.statecontroller.config;

import dev.dome.contracts.Json;
import dev.dome.kernel.PolicySet;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamsConfig;
import dev.dome.statecontroller.adapter.db.PgJournalTable;
import dev.dome.statecontroller.adapter.db.PgLaneLeases;
import dev.dome.statecontroller.adapter.db.PgStore;
import dev.dome.statecontroller.adapter.db.PgUpkeep;
import dev.dome.statecontroller.adapter.db.PgWorkers;
import dev.dome.statecontroller.adapter.nats.ClaimListener;
import dev.dome.statecontroller.adapter.nats.NatsInbox;
import dev.dome.statecontroller.adapter.nats.NatsJournalStream;
import dev.dome.statecontroller.adapter.nats.NatsReplies;
import dev.dome.statecontroller.adapter.telemetry.WriterTelemetry;
import dev.dome.statecontroller.application.JournalPublisher;
import dev.dome.statecontroller.application.LaneKeeper;
import dev.dome.statecontroller.application.LaneWriter;
import dev.dome.statecontroller.application.Mailbox;
import dev.dome.statecontroller.application.WorkerWatch;
import dev.dome.telemetry.Tracing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The threads of a replica whose message server is there, and what they share. */
final class Running {
  private static final Logger LOG = Logger.getLogger(Running.class);
  private static final String POLICIES = "/ssot/policy/runtime.policies.json";
  private static final long RECORD_EVERY_MS = 250;

  /**
   * Rows committed meanwhile share a message, its fsync and the transactions of those who read it;
   * no request waits for it.
   */
  private static final long PUBLISH_EVERY_MS = 250;

  /** The same for rows that cannot wait so long. */
  private static final long PUBLISH_PAUSE_MS = 20;

  private final ControllerConfig config;
  private final MeterRegistry registry;
  private final WriterTelemetry telemetry;
  private final Mailbox mailbox;
  private final CoreMessages core;
  private final NatsInbox inbox;
  private final ClaimListener claims;
  private final WorkerWatch workers;
  private final LaneWriter writer;
  private final LaneKeeper keeper;
  private final JournalPublisher publisher;
  private final Housekeeping housekeeping;
  private final Loops loops = new Loops();

  /** Of the publisher's thread. */
  private long nextRoundAtNs = System.nanoTime();

  Running(
      String id,
      ControllerConfig config,
      NatsLink link,
      StreamsConfig streams,
      Pool pool,
      MeterRegistry registry,
      Tracing tracing) {
    this.config = config;
    this.registry = registry;
    telemetry = new WriterTelemetry(registry, tracing);
    core = link.core();
    mailbox = new Mailbox(config.writer().mailbox(), config.writer().mailboxBytes());
    inbox = new NatsInbox(link, core, mailbox);
    publisher =
        new JournalPublisher(
            new PgJournalTable(pool), new NatsJournalStream(link, tracing, registry));
    workers = new WorkerWatch(new PgWorkers(pool), mailbox, System::currentTimeMillis);
    writer = writer(id, pool);
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
  }

  private LaneWriter writer(String id, Pool pool) {
    PolicySet policies = policies();
    return new LaneWriter(
        id,
        new LaneWriter.Ports(
            inbox,
            new PgStore(pool),
            publisher,
            new NatsReplies(core),
            workers,
            System::currentTimeMillis),
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

  void start() {
    measure();
    loops.start("lane-writer", writer);
    loops.every("lane-keeper", config.lanes().renewEveryMs(), this::keepLanes);
    loops.every("worker-watch", WorkerWatch.EVERY_MS, workers::tick);
    loops.every("housekeeping", Housekeeping.EVERY_MS, housekeeping::pass);
    loops.every("journal-record", RECORD_EVERY_MS, publisher::record);
    loops.every("journal-publisher", PUBLISH_PAUSE_MS, this::publish);
  }

  private void publish() throws InterruptedException {
    long leftMs = TimeUnit.NANOSECONDS.toMillis(nextRoundAtNs - System.nanoTime());
    if (leftMs > 0 && publisher.await(leftMs)) {
      publisher.hurry();
    } else {
      nextRoundAtNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PUBLISH_EVERY_MS);
      publisher.round();
    }
  }

  /** No lane is taken before it is known who drains. */
  private void keepLanes() throws InterruptedException {
    workers.tellFirst();
    keeper.tick();
  }

  /** Lanes go first, so that another replica has them before this one is gone. */
  void stop() {
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
  }

  /** Whether nothing waits, or something was committed not long ago. */
  boolean progressing() {
    boolean waiting = mailbox.size() > 0 || inbox.pending() > 0;
    return !waiting || telemetry.sinceCommitMs() < config.writer().stalledAfterMs();
  }

  /** Whether the lanes were renewed not long ago. */
  boolean renewing() {
    return loops.sinceSuccessMs("lane-keeper") < 3 * config.lanes().termMs();
  }

  /** Whether the lane writer makes turns; it never should do otherwise, so a new process must. */
  boolean writing() {
    return writer.sinceTurnMs() < config.writer().deadAfterMs();
  }

  Housekeeping housekeeping() {
    return housekeeping;
  }
}
