package dev.dome.retryscheduler.adapter.metrics;

import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerKind;
import dev.dome.retryscheduler.application.TimerObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of the firing loop. No label carries a namespace or a run. */
@ApplicationScoped
public class TimerMeters implements TimerObserver {
  private final Map<TimerKind, io.micrometer.core.instrument.Timer> lateness =
      new EnumMap<>(TimerKind.class);
  private final AtomicLong pending = new AtomicLong();
  private final Counter again;
  private final Counter failures;

  @Inject
  TimerMeters(MeterRegistry registry) {
    for (TimerKind kind : TimerKind.values()) {
      lateness.put(
          kind,
          io.micrometer.core.instrument.Timer.builder("dome.timer.lateness")
              .description(
                  "Between a timer's due time and its acknowledged publish; its count is timers fired")
              .tag("kind", kind.name())
              .serviceLevelObjectives(
                  Duration.ofMillis(10),
                  Duration.ofMillis(50),
                  Duration.ofMillis(200),
                  Duration.ofSeconds(2))
              .register(registry));
    }
    this.again =
        Counter.builder("dome.timer.firings.repeated")
            .description("Timers fired again because their run had not moved since")
            .register(registry);
    this.failures =
        Counter.builder("dome.timer.failures")
            .description("Timers or rounds that were not published and are tried again")
            .register(registry);
    Gauge.builder("dome.timers.pending", pending, AtomicLong::get)
        .description("Timers that are set and not fired")
        .register(registry);
  }

  @Override
  public void fired(Timer timer, long latenessMs) {
    lateness.get(timer.kind()).record(Math.max(0, latenessMs), TimeUnit.MILLISECONDS);
  }

  @Override
  public void firedAgain(int timers) {
    again.increment(timers);
  }

  @Override
  public void failed() {
    failures.increment();
  }

  @Override
  public void pending(long timers) {
    pending.set(timers);
  }
}
