package dev.dome.provenance.adapter.metrics;

import dev.dome.provenance.application.ProvenanceObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of manifests and replays. No label carries a namespace or a run. */
@ApplicationScoped
public class ProvenanceMeters implements ProvenanceObserver {
  private final Counter matches;
  private final Counter differences;
  private final Counter failures;
  private final Timer lag;
  private final AtomicLong awaiting = new AtomicLong();

  @Inject
  ProvenanceMeters(MeterRegistry registry) {
    this.matches = replays(registry, "match");
    this.differences = replays(registry, "difference");
    this.failures =
        Counter.builder("dome.manifest.failures")
            .description("Runs or rounds that could not be looked at and are tried again")
            .register(registry);
    this.lag =
        Timer.builder("dome.manifest.lag")
            .description("Between a run's completion and its stored manifest")
            .serviceLevelObjectives(
                Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(60))
            .register(registry);
    Gauge.builder("dome.manifests.awaiting", awaiting, AtomicLong::get)
        .description("Runs that ended and have no manifest yet")
        .register(registry);
  }

  private static Counter replays(MeterRegistry registry, String result) {
    return Counter.builder("dome.replays")
        .description("Ledgers that were replayed, by what was found")
        .tag("result", result)
        .register(registry);
  }

  @Override
  public void replayed(boolean match) {
    (match ? matches : differences).increment();
  }

  @Override
  public void manifested(long lagMs) {
    lag.record(Math.max(0, lagMs), TimeUnit.MILLISECONDS);
  }

  @Override
  public void failed() {
    failures.increment();
  }

  @Override
  public void awaiting(long runs) {
    awaiting.set(runs);
  }
}
