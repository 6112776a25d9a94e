package dev.dome.provenance.adapter.metrics;

import dev.dome.provenance.application.ManifestLoop;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while the store answers the loop that makes manifests. A loop that has ended is beyond
 * repair from inside, so the process asks to be restarted; a store that is away is not.
 */
public final class Progress {
  /** One answer of the store may take almost this long. */
  private static final Duration STALE = Duration.ofSeconds(75);

  private Progress() {}

  /** Whether manifests would be made now. */
  @Readiness
  @ApplicationScoped
  public static class Making implements HealthCheck {
    private final ManifestLoop loop;
    private final Clock clock;

    @Inject
    Making(ManifestLoop loop, Clock clock) {
      this.loop = loop;
      this.clock = clock;
    }

    @Override
    public HealthCheckResponse call() {
      long ageMs = clock.millis() - loop.lastProgressMs();
      return HealthCheckResponse.named("manifests")
          .status(ageMs < STALE.toMillis())
          .withData("last_progress_age_ms", ageMs)
          .build();
    }
  }

  /** Whether the loop runs at all. */
  @Liveness
  @ApplicationScoped
  public static class Running implements HealthCheck {
    private final ManifestLoop loop;

    @Inject
    Running(ManifestLoop loop) {
      this.loop = loop;
    }

    @Override
    public HealthCheckResponse call() {
      return HealthCheckResponse.named("manifest-loop").status(loop.running()).build();
    }
  }
}
