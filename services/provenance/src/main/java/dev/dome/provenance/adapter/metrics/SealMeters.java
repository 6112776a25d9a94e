package dev.dome.provenance.adapter.metrics;

import dev.dome.provenance.application.PurgeObserver;
import dev.dome.provenance.application.SealObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of statements and their log. No label carries a namespace or a run. */
@ApplicationScoped
public class SealMeters implements SealObserver, PurgeObserver {
  private final Counter statements;
  private final Counter failures;
  private final Counter tombstoneFailures;
  private final Counter tombstonesRefused;
  private final Timer lag;
  private final AtomicLong unsealed = new AtomicLong();
  private final AtomicLong oldestAgeMs = new AtomicLong();
  private final AtomicLong size = new AtomicLong();
  private final AtomicLong halted = new AtomicLong();

  @Inject
  SealMeters(MeterRegistry registry) {
    this.statements =
        Counter.builder("dome.statements")
            .description("Statements that were signed and logged")
            .register(registry);
    this.failures =
        Counter.builder("dome.seal.failures")
            .description("Rounds of sealing that failed and are tried again")
            .register(registry);
    this.tombstoneFailures =
        Counter.builder("dome.tombstones.failures")
            .description("Rounds in which audit-export was not heard about what it purged")
            .register(registry);
    this.tombstonesRefused =
        Counter.builder("dome.tombstones.refused")
            .description("Tombstones that do not hold to themselves and get no statement")
            .register(registry);
    this.lag =
        Timer.builder("dome.seal.lag")
            .description(
                "Between a stored manifest, replay or tombstone and the checkpoint over its statements")
            .serviceLevelObjectives(
                Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(60))
            .register(registry);
    Gauge.builder("dome.statements.unsealed", unsealed, AtomicLong::get)
        .description("Manifests, replays and tombstones that have no statements yet")
        .register(registry);
    Gauge.builder("dome.seal.oldest.age", oldestAgeMs, ms -> ms.get() / 1000.0)
        .description(
            "How long the first manifest, replay or tombstone without statements has waited")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("dome.log.size", size, AtomicLong::get)
        .description("Entries of the transparency log as this process last grew it")
        .register(registry);
    Gauge.builder("dome.log.halted", halted, AtomicLong::get)
        .description("1 when the log is not what was published of it, so that nothing is signed")
        .register(registry);
  }

  @Override
  public void sealed(int count, long logSize) {
    statements.increment(count);
    size.set(logSize);
  }

  @Override
  public void waited(long lagMs) {
    lag.record(Math.max(0, lagMs), TimeUnit.MILLISECONDS);
  }

  @Override
  public void backlog(long count, long ageMs) {
    unsealed.set(count);
    oldestAgeMs.set(ageMs);
  }

  @Override
  public void failed() {
    failures.increment();
  }

  @Override
  public void halted(boolean isHalted) {
    halted.set(isHalted ? 1 : 0);
  }

  @Override
  public void unheard() {
    tombstoneFailures.increment();
  }

  @Override
  public void refused() {
    tombstonesRefused.increment();
  }
}
