package dev.dome.statecontroller.adapter.telemetry;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.statecontroller.application.StoreException;
import dev.dome.statecontroller.application.WriterObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Metrics, one span for each batch with inputs, and a log line for what an operator must see. */
public final class WriterTelemetry implements WriterObserver {
  private static final Logger LOG = Logger.getLogger(WriterTelemetry.class);

  private final Tracer tracer;
  private final DistributionSummary batchInputs;
  private final Timer commit;
  private final Timer transaction;
  private final Counter inputs;
  private final Counter rows;
  private final Counter grants;
  private final Counter poison;
  private final Counter faults;
  private final MeterRegistry registry;
  private final AtomicLong committedAtNs = new AtomicLong(System.nanoTime());
  private final AtomicLong lanes = new AtomicLong();

  public WriterTelemetry(MeterRegistry registry, Tracer tracer) {
    this.registry = registry;
    this.tracer = tracer;
    this.batchInputs = registry.summary("dome.lane.batch.inputs");
    this.commit = registry.timer("dome.lane.commit");
    this.transaction = registry.timer("dome.lane.transaction");
    this.inputs = registry.counter("dome.lane.inputs.applied");
    this.rows = registry.counter("dome.lane.journal.rows");
    this.grants = registry.counter("dome.lane.grants");
    this.poison = registry.counter("dome.lane.poison");
    this.faults = registry.counter("dome.lane.decision.faults");
    registry.gauge("dome.lane.owned", lanes);
  }

  @Override
  public BatchScope batch(List<String> traceparents) {
    if (traceparents.isEmpty()) {
      return new BatchScope(null);
    }
    SpanBuilder builder = tracer.spanBuilder("lane batch").setSpanKind(SpanKind.CONSUMER);
    traceparents.forEach(parent -> builder.addLink(contextOf(parent)));
    return new BatchScope(builder.startSpan());
  }

  private static SpanContext contextOf(String traceparent) {
    String[] parts = traceparent.split("-", -1);
    return parts.length == 4
        ? SpanContext.createFromRemoteParent(
            parts[1], parts[2], TraceFlags.getSampled(), TraceState.getDefault())
        : SpanContext.getInvalid();
  }

  /** One batch under observation. */
  public final class BatchScope implements WriterObserver.Scope {
    private final Span span;
    private boolean done;

    private BatchScope(Span span) {
      this.span = span;
    }

    @Override
    public void committed(BatchReport report) {
      done = true;
      count(report);
      if (span != null) {
        span.setAttribute("dome.inputs", report.inputs());
        span.setAttribute("dome.journal_rows", report.rows());
        Instant now = Instant.now();
        tracer
            .spanBuilder("COMMIT")
            .setParent(Context.root().with(span))
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("db.system.name", "postgresql")
            .setStartTimestamp(now.minusNanos(report.commitNs()))
            .startSpan()
            .end(now);
      }
    }

    @Override
    public void close() {
      if (span != null) {
        if (!done) {
          span.setStatus(StatusCode.ERROR);
        }
        span.end();
      }
    }
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
  }

  @Override
  public void failed(StoreException failure) {
    registry.counter("dome.lane.batch.failures", "kind", failure.kind().name()).increment();
    with("failure_kind", failure.kind().name(), () -> LOG.warn("lane batch failed", failure));
  }

  @Override
  public void poisoned(Lane lane, long sequence, String cause) {
    poison.increment();
    with(
        "lane",
        lane.toString(),
        () ->
            with(
                "inbox_sequence",
                Long.toString(sequence),
                () -> LOG.error("input set aside as poison")));
  }

  @Override
  public void decisionFailed(RunUid runUid, RuntimeException cause) {
    faults.increment();
    with("run_uid", runUid.value(), () -> LOG.error("decision failed", cause));
  }

  @Override
  public void heartbeatFailed(AttemptId attemptId, RuntimeException cause) {
    faults.increment();
    with("attempt_id", attemptId.value(), () -> LOG.error("heartbeat failed", cause));
  }

  @Override
  public void laneOpened(Lane lane, long epoch) {
    lanes.incrementAndGet();
    with("lane", lane + "@" + epoch, () -> LOG.info("lane opened"));
  }

  @Override
  public void laneClosed(Lane lane, long epoch) {
    lanes.decrementAndGet();
    with("lane", lane + "@" + epoch, () -> LOG.info("lane closed"));
  }

  private static void with(String key, String value, Runnable log) {
    MDC.put(key, value);
    try {
      log.run();
    } finally {
      MDC.remove(key);
    }
  }

  /** Milliseconds since the last commit. */
  public long sinceCommitMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - committedAtNs.get());
  }
}
