package dev.dome.retryscheduler.adapter.metrics;

import dev.dome.retryscheduler.application.BreakerLoop;
import dev.dome.retryscheduler.application.FiringLoop;
import dev.dome.retryscheduler.webhook.DeliveryLoop;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while the store answers the firing loop. A loop that has ended is beyond repair from
 * inside, so the process asks to be restarted; a store that is away is not.
 */
public final class Progress {
  private static final Duration STALE = Duration.ofSeconds(15);

  private Progress() {}

  /** Whether timers would be fired now. */
  @Readiness
  @ApplicationScoped
  public static class Firing implements HealthCheck {
    private final FiringLoop loop;
    private final Clock clock;

    @Inject
    Firing(FiringLoop loop, Clock clock) {
      this.loop = loop;
      this.clock = clock;
    }

    @Override
    public HealthCheckResponse call() {
      long ageMs = clock.millis() - loop.lastRoundMs();
      return HealthCheckResponse.named("timer-firing")
          .status(ageMs < STALE.toMillis())
          .withData("last_round_age_ms", ageMs)
          .build();
    }
  }

  /** Whether the loop runs at all. */
  @Liveness
  @ApplicationScoped
  public static class Running implements HealthCheck {
    private final FiringLoop loop;
    private final BreakerLoop breakers;
    private final DeliveryLoop webhooks;

    @Inject
    Running(FiringLoop loop, BreakerLoop breakers, DeliveryLoop webhooks) {
      this.loop = loop;
      this.breakers = breakers;
      this.webhooks = webhooks;
    }

    @Override
    public HealthCheckResponse call() {
      return HealthCheckResponse.named("timer-loop")
          .status(loop.running() && breakers.running() && webhooks.running())
          .build();
    }
  }
}
