package dev.dome.statecontroller.config;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.messaging.ServerGuard;
import dev.dome.messaging.Streams;
import dev.dome.messaging.StreamsConfig;
import dev.dome.statecontroller.adapter.db.PgUpkeep;
import dev.dome.statecontroller.adapter.nats.Trimmer;
import dev.dome.statecontroller.application.Command;
import dev.dome.statecontroller.application.JournalPublisher;
import dev.dome.statecontroller.application.LaneKeeper;
import dev.dome.statecontroller.application.Mailbox;
import dev.dome.statecontroller.application.ReadyTask;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * What is done every few seconds: the server's sync setting is checked and a stream that is gone is
 * made again; for the owned lanes the streams are trimmed, and runs that nothing will move are
 * found and named.
 */
final class Housekeeping {
  static final long EVERY_MS = 5_000;
  private static final Logger LOG = Logger.getLogger(Housekeeping.class);

  /** Unchanged for so long, a run must have a reason to wait. */
  private static final long STILL_MS = 30_000;

  private final Streams streams;
  private final StreamsConfig wanted;
  private final LaneKeeper keeper;
  private final JournalPublisher publisher;
  private final Trimmer trimmer;
  private final PgUpkeep upkeep;
  private final Mailbox mailbox;
  private final ServerGuard guard;
  private final AtomicLong stuck = new AtomicLong();
  private volatile ServerGuard.Verdict verdict = new ServerGuard.Verdict.Unreachable("not asked");

  Housekeeping(
      Streams streams,
      StreamsConfig wanted,
      LaneKeeper keeper,
      JournalPublisher publisher,
      PgUpkeep upkeep,
      Mailbox mailbox,
      MeterRegistry registry,
      String monitorUrl) {
    this.streams = streams;
    this.wanted = wanted;
    this.keeper = keeper;
    this.publisher = publisher;
    this.trimmer = new Trimmer(streams);
    this.upkeep = upkeep;
    this.mailbox = mailbox;
    this.guard = new ServerGuard(URI.create(monitorUrl));
    registry.gauge("dome.lane.runs.stuck", stuck);
  }

  /** One pass. */
  void pass() throws InterruptedException {
    verdict = guard.check();
    if (streams.restore(wanted)) {
      LOG.warn("a stream was gone and is made again");
    }
    Set<Lane> lanes = keeper.owned().keySet();
    if (lanes.isEmpty()) {
      return;
    }
    publisher.checkIncarnation();
    trimmer.trim(upkeep.cursors(lanes));
    long before = System.currentTimeMillis() - STILL_MS;
    List<RunUid> still = upkeep.stuck(lanes, before);
    stuck.set(still.size());
    still.forEach(runUid -> LOG.warnf("run is stuck run_uid=%s", runUid));
    List<ReadyTask> waiting = upkeep.waiting(lanes, before);
    if (!waiting.isEmpty()) {
      mailbox.put(new Command.Reindex(waiting));
    }
  }

  /** What the message server does with what it acknowledges, as last asked. */
  ServerGuard.Verdict verdict() {
    return verdict;
  }
}
