package dev.dome.web;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Readiness as meters, so that an alert can say which check failed: {@code dome.ready} for all of
 * them and {@code dome.ready.check} for each, 1 or 0. The names of checks are fixed in the code.
 */
@ApplicationScoped
class ReadinessMeters {
  private static final Logger LOG = Logger.getLogger(ReadinessMeters.class);
  private static final long EVERY_MS = 5_000;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(10);

  private final SmallRyeHealthReporter reporter;
  private final MeterRegistry registry;
  private final Map<String, Boolean> checks = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("readiness-meters").unstarted(this::run);
  private volatile boolean ready;

  ReadinessMeters(SmallRyeHealthReporter reporter, MeterRegistry registry) {
    this.reporter = reporter;
    this.registry = registry;
  }

  void start(@Observes StartupEvent event) {
    Gauge.builder("dome.ready", () -> ready ? 1 : 0)
        .description("Whether every readiness check holds: 1 or 0")
        .register(registry);
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        look();
        TimeUnit.MILLISECONDS.sleep(EVERY_MS);
      }
    } catch (InterruptedException e) {
      LOG.debug("readiness meters interrupted");
    }
  }

  private void look() {
    try {
      JsonObject answer = reporter.getReadinessAsync().await().atMost(ANSWERED_WITHIN).getPayload();
      ready = isUp(answer);
      answer.getJsonArray("checks").getValuesAs(JsonObject.class).forEach(this::saw);
    } catch (RuntimeException e) {
      ready = false;
      LOG.warnf("readiness not known type=%s", e.getClass().getSimpleName());
    }
  }

  private void saw(JsonObject check) {
    String name = check.getString("name");
    if (checks.put(name, isUp(check)) == null) {
      Gauge.builder("dome.ready.check", checks, of -> of.get(name) ? 1 : 0)
          .description("Whether the readiness check holds: 1 or 0")
          .tag("check", name)
          .register(registry);
    }
  }

  private static boolean isUp(JsonObject of) {
    return "UP".equals(of.getString("status"));
  }
}
