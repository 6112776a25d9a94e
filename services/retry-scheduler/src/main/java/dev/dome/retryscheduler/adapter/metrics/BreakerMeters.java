package dev.dome.retryscheduler.adapter.metrics;

import dev.dome.kernel.BreakerPhase;
import dev.dome.retryscheduler.application.BreakerChange;
import dev.dome.retryscheduler.application.BreakerObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of the breakers. No label carries a namespace, a queue or a key. */
@ApplicationScoped
public class BreakerMeters implements BreakerObserver {
  private final Map<BreakerPhase, Counter> changes = new EnumMap<>(BreakerPhase.class);
  private final AtomicLong notClosed = new AtomicLong();
  private final Counter failures;

  @Inject
  BreakerMeters(MeterRegistry registry) {
    for (BreakerPhase phase : BreakerPhase.values()) {
      changes.put(
          phase,
          Counter.builder("dome.breaker.changes")
              .description("Changes of breakers that every lane was told of, by their new phase")
              .tag("phase", phase.name())
              .register(registry));
    }
    this.failures =
        Counter.builder("dome.breaker.failures")
            .description("Changes or rounds that were not published and are tried again")
            .register(registry);
    Gauge.builder("dome.breakers.not_closed", notClosed, AtomicLong::get)
        .description("Breakers that are open or half-open")
        .register(registry);
  }

  @Override
  public void changed(BreakerChange change) {
    changes.get(change.breaker().phase()).increment();
  }

  @Override
  public void failed() {
    failures.increment();
  }

  @Override
  public void notClosed(long breakers) {
    notClosed.set(breakers);
  }
}
