package dev.dome.statecontroller.adapter.telemetry;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.statecontroller.application.StoreException;
import dev.dome.statecontroller.application.WriterObserver;
import dev.dome.telemetry.Tracing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Metrics, the spans of each batch, and a log line for what an operator must see. */
public final class WriterTelemetry implements WriterObserver {
  private static final Logger LOG = Logger.getLogger(WriterTelemetry.class);

  private final Tracing tracing;
  private final DistributionSummary batchInputs;
  private final Timer commit;
  private final Timer transaction;
  private final Counter inputs;
  private final Counter rows;
  private final Counter grants;
  private final Counter poison;
  private final Counter faults;
  private final Counter broken;
  private final RunMeters runs;
  private final Map<StoreException.Kind, Counter> failures =
      new EnumMap<>(StoreException.Kind.class);
  private final MeterRegistry registry;
  private final AtomicLong committedAtNs = new AtomicLong(System.nanoTime());
  private final AtomicLong lanes = new AtomicLong();

  public WriterTelemetry(MeterRegistry registry, Tracing tracing) {
    this.registry = registry;
    this.tracing = tracing;
    this.batchInputs =
        DistributionSummary.builder("dome.lane.batch.inputs")
            .description("Inbox messages of a batch that had any")
            .register(registry);
    this.commit = timer("dome.lane.commit", "The commit alone of a batch's transaction");
    this.transaction =
        timer("dome.lane.transaction", "A batch's transaction, from its begin to its commit");
    this.inputs =
        counter("dome.lane.inputs.applied", "Inbox messages that were applied, repeats included");
    this.rows = counter("dome.lane.journal.rows", "Journal rows that were committed");
    this.grants = counter("dome.lane.grants", "Tasks that were granted to workers");
    this.runs = new RunMeters(registry);
    this.poison =
        counter("dome.lane.poison", "Inputs that could not be decided and were set aside");
    this.faults =
        counter("dome.lane.decision.faults", "Decisions that failed although no message asked");
    this.broken = counter("dome.lane.writer.broken", "Failures after which the writer began anew");
    Gauge.builder("dome.lane.owned", lanes, AtomicLong::get)
        .description("Lanes that this replica writes")
        .register(registry);
    for (StoreException.Kind kind : StoreException.Kind.values()) {
      failures.put(
          kind,
          Counter.builder("dome.lane.batch.failures")
              .description("Batches that were not committed and are tried again, by why")
              .tag("kind", kind.name())
              .register(registry));
    }
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name).description(description).register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  @Override
  public Scope batch(Supplier<List<String>> traceparents) {
    Optional<BatchSpans> spans = BatchSpans.of(tracing, traceparents);
    return new Scope() {
      private boolean committed;

      @Override
      public void committed(BatchReport report) {
        committed = true;
        count(report);
        spans.ifPresent(batch -> batch.committed(report));
      }

      @Override
      public void close() {
        if (!committed) {
          spans.ifPresent(BatchSpans::failed);
        }
      }
    };
  }

  private void count(BatchReport report) {
    committedAtNs.set(System.nanoTime());
    commit.record(report.commitNs(), TimeUnit.NANOSECONDS);
    transaction.record(report.decideNs(), TimeUnit.NANOSECONDS);
    if (report.inputs() > 0) {
      batchInputs.record(report.inputs());
      inputs.increment(report.inputs());
    }
    rows.increment(report.rows());
    grants.increment(report.grants());
    runs.count(report.changes().journal());
  }

  @Override
  public void failed(StoreException failure) {
    failures.get(failure.kind()).increment();
    LOG.warnf(failure, "lane batch failed kind=%s", failure.kind());
  }

  @Override
  public void broke(Throwable cause) {
    broken.increment();
    LOG.error("lane writer failed and begins anew", cause);
  }

  @Override
  public void poisoned(Lane lane, long sequence, String cause) {
    poison.increment();
    LOG.errorf("input set aside as poison lane=%s inbox_sequence=%d", lane, sequence);
  }

  @Override
  public void decisionFailed(RunUid runUid, RuntimeException cause) {
    faults.increment();
    LOG.errorf(cause, "decision failed run_uid=%s", runUid);
  }

  @Override
  public void heartbeatFailed(AttemptId attemptId, RuntimeException cause) {
    faults.increment();
    LOG.errorf(cause, "heartbeat failed attempt_id=%s", attemptId);
  }

  @Override
  public void laneOpened(Lane lane, long epoch) {
    lanes.incrementAndGet();
    LOG.infof("lane opened lane=%s epoch=%d", lane, epoch);
  }

  @Override
  public void laneClosed(Lane lane, long epoch) {
    lanes.decrementAndGet();
    LOG.infof("lane closed lane=%s epoch=%d", lane, epoch);
  }

  /** Milliseconds since the last commit. */
  public long sinceCommitMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - committedAtNs.get());
  }
}
