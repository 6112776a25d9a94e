package dev.dome.retryscheduler.webhook.adapter.metrics;

import dev.dome.retryscheduler.webhook.DeliveryObserver;
import dev.dome.retryscheduler.webhook.Verdict;
import dev.dome.retryscheduler.webhook.WebhookStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of the telling of events. No label carries a namespace, a webhook or a URL. */
@ApplicationScoped
public class WebhookMeters implements DeliveryObserver {
  private final Map<String, Timer> attempts = new TreeMap<>();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong dead = new AtomicLong();
  private final Counter failures;

  @Inject
  WebhookMeters(MeterRegistry registry) {
    for (String outcome : new String[] {"delivered", "again", "dead", "gone"}) {
      attempts.put(
          outcome,
          Timer.builder("dome.webhook.attempts")
              .description("Attempts to tell a receiver, by what followed from them")
              .tag("outcome", outcome)
              .serviceLevelObjectives(
                  Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10))
              .register(registry));
    }
    this.failures =
        Counter.builder("dome.webhook.failures")
            .description("Rounds and attempts whose end could not be stored and that are repeated")
            .register(registry);
    Gauge.builder("dome.webhook.deliveries.pending", pending, AtomicLong::get)
        .description("Deliveries that are not made yet")
        .register(registry);
    Gauge.builder("dome.webhook.deliveries.dead", dead, AtomicLong::get)
        .description("Deliveries that were given up and not asked for again")
        .register(registry);
  }

  @Override
  public void attempted(Verdict verdict, long tookMs) {
    String outcome =
        switch (verdict) {
          case Verdict.Delivered delivered -> "delivered";
          case Verdict.Again again -> "again";
          case Verdict.Dead givenUp -> "dead";
          case Verdict.Gone gone -> "gone";
        };
    attempts.get(outcome).record(Math.max(0, tookMs), TimeUnit.MILLISECONDS);
  }

  @Override
  public void failed() {
    failures.increment();
  }

  @Override
  public void counted(WebhookStore.Counts counts) {
    pending.set(counts.pending());
    dead.set(counts.dead());
  }
}
