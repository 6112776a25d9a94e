package dev.dome.statecontroller.config;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.messaging.ServerGuard;
import dev.dome.messaging.Streams;
import dev.dome.messaging.StreamsConfig;
import dev.dome.statecontroller.adapter.db.PgUpkeep;
import dev.dome.statecontroller.adapter.nats.StreamWatch;
import dev.dome.statecontroller.adapter.nats.Trimmer;
import dev.dome.statecontroller.application.Command;
import dev.dome.statecontroller.application.InboxCursor;
import dev.dome.statecontroller.application.JournalPublisher;
import dev.dome.statecontroller.application.LaneKeeper;
import dev.dome.statecontroller.application.Mailbox;
import dev.dome.statecontroller.application.ReadyTask;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * What is done every few seconds: the server's sync setting is checked and a stream that is gone is
 * made again; for the owned lanes the streams are trimmed, delays that ended unnoticed are ended,
 * and runs that nothing will move are found and named. Each step is on its own: what one of them
 * needs may be away while the others can be done.
 */
final class Housekeeping {
  static final long EVERY_MS = 5_000;

  /** Counts steps that failed, by step. */
  static final String FAILURES = "dome.housekeeping.failures";

  private static final Logger LOG = Logger.getLogger(Housekeeping.class);

  private static final List<String> STEPS =
      List.of(
          "streams",
          "stream-use",
          "lanes-unowned",
          "publication",
          "trim-inbox",
          "trim-journal",
          "stuck-runs",
          "waiting-tasks");

  /** Unchanged for so long, a run must have a reason to wait. */
  private static final long STILL_MS = 30_000;

  /** Of a thousand runs that stand still for one cause, some names are enough. */
  private static final int NAMED = 100;

  private final LaneKeeper keeper;
  private final JournalPublisher publisher;
  private final StreamWatch watch;
  private final Trimmer trimmer;
  private final PgUpkeep upkeep;
  private final Mailbox mailbox;
  private final MeterRegistry registry;
  private final ServerGuard guard;
  private final UpkeepMeters meters;
  private final AtomicLong stuck = new AtomicLong();
  private PgUpkeep.Key runsFrom = PgUpkeep.Key.FIRST;
  private PgUpkeep.Key tasksFrom = PgUpkeep.Key.FIRST;
  private long stuckSoFar;
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
    this.keeper = keeper;
    this.publisher = publisher;
    this.watch = new StreamWatch(streams, wanted, upkeep::cursors, registry);
    this.trimmer = new Trimmer(streams);
    this.upkeep = upkeep;
    this.mailbox = mailbox;
    this.registry = registry;
    this.guard = new ServerGuard(URI.create(monitorUrl));
    Gauge.builder("dome.lane.runs.stuck", stuck, AtomicLong::get)
        .description("Runs that nothing will move, as the last sweep found")
        .register(registry);
    this.meters = new UpkeepMeters(streams, registry);
    STEPS.forEach(this::failures);
  }

  /** One pass. */
  void pass() throws InterruptedException {
    verdict = guard.check();
    attempt("streams", watch::look);
    attempt("stream-use", meters::streams);
    attempt("lanes-unowned", () -> meters.lanesUnowned(upkeep.lanesUnowned()));
    Set<Lane> lanes = keeper.owned().keySet();
    if (lanes.isEmpty()) {
      stuck.set(0);
      return;
    }
    long before = System.currentTimeMillis() - STILL_MS;
    attempt("publication", publisher::checkIncarnation);
    attempt("trim-inbox", () -> trimmer.trimInbox(cursors(lanes)));
    attempt("trim-journal", () -> trimmer.trimJournal(lanes));
    attempt("stuck-runs", () -> nameStuck(lanes, before));
    attempt("waiting-tasks", () -> remember(lanes, before));
  }

  private void attempt(String step, Loops.Step work) throws InterruptedException {
    try {
      work.run();
    } catch (RuntimeException e) {
      failures(step).increment();
      LOG.warnf(e, "housekeeping step failed step=%s", step);
    }
  }

  private Counter failures(String step) {
    return Counter.builder(FAILURES)
        .description("Steps of housekeeping that failed and are tried again in the next pass")
        .tag("step", step)
        .register(registry);
  }

  private Map<Lane, InboxCursor> cursors(Set<Lane> lanes) {
    Map<Lane, InboxCursor> cursors = upkeep.cursors();
    cursors.keySet().retainAll(lanes);
    return cursors;
  }

  /** The number is that of the last sweep that got through all runs. */
  private void nameStuck(Set<Lane> lanes, long before) {
    PgUpkeep.Slice<RunUid> slice = upkeep.stuck(lanes, before, runsFrom);
    slice.found().stream()
        .limit(NAMED)
        .forEach(runUid -> LOG.warnf("run is stuck run_uid=%s", runUid));
    stuckSoFar += slice.found().size();
    runsFrom = slice.next();
    if (runsFrom.equals(PgUpkeep.Key.FIRST)) {
      stuck.set(stuckSoFar);
      stuckSoFar = 0;
    }
  }

  /** A wake-up can be lost with the inbox that held it, and an index forgets. */
  private void remember(Set<Lane> lanes, long before) throws InterruptedException {
    PgUpkeep.Slice<PgUpkeep.Waiting> slice = upkeep.waiting(lanes, before, tasksFrom);
    List<ReadyTask> ready = new ArrayList<>();
    for (PgUpkeep.Waiting waiting : slice.found()) {
      switch (waiting) {
        case PgUpkeep.Waiting.Ready(ReadyTask task) -> ready.add(task);
        case PgUpkeep.Waiting.Overdue(Command.RetryOverdue retry) -> {
          LOG.warnf("retry was never woken run_uid=%s", retry.runUid());
          mailbox.put(retry);
        }
      }
    }
    if (!ready.isEmpty()) {
      mailbox.put(new Command.Reindex(ready));
    }
    tasksFrom = slice.next();
  }

  /** What the message server does with what it acknowledges, as last asked. */
  ServerGuard.Verdict verdict() {
    return verdict;
  }
}
