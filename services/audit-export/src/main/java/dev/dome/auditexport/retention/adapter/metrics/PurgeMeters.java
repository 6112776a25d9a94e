package dev.dome.auditexport.retention.adapter.metrics;

import dev.dome.auditexport.retention.Purge;
import dev.dome.auditexport.retention.PurgeObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** {@link PurgeObserver} as meters. */
@Singleton
public final class PurgeMeters implements PurgeObserver {
  private final Counter purged;
  private final Counter failures;
  private volatile double holds = Double.NaN;
  private volatile double overdueSeconds = Double.NaN;

  @Inject
  PurgeMeters(MeterRegistry registry) {
    purged =
        Counter.builder("dome.audit.purged")
            .description("Audit records that had expired and were removed")
            .register(registry);
    failures =
        Counter.builder("dome.audit.purge.failures")
            .description("Rounds of purging that failed and are tried again")
            .register(registry);
    Gauge.builder("dome.audit.holds", this, meters -> meters.holds)
        .description("Legal holds in force; NaN before the first look")
        .register(registry);
    Gauge.builder("dome.audit.purge.overdue.seconds", this, meters -> meters.overdueSeconds)
        .description("Since when the oldest month with records to purge has expired; 0 for none")
        .register(registry);
  }

  @Override
  public void purged(Purge.Result result) {
    purged.increment((double) result.records());
  }

  @Override
  public void seen(long inForce, long overdueMs) {
    holds = (double) inForce;
    overdueSeconds = overdueMs / 1_000.0;
  }

  @Override
  public void failed() {
    failures.increment();
  }
}
