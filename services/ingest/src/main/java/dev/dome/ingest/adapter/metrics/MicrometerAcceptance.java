package dev.dome.ingest.adapter.metrics;

import dev.dome.ingest.application.AcceptanceMeter;
import dev.dome.ingest.application.Admission;
import dev.dome.ingest.application.Claims;
import dev.dome.ingest.application.Inbox.Publication;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Acceptance as metrics: stored messages, how long the inbox and the outcome took. */
public final class MicrometerAcceptance implements AcceptanceMeter {
  private final MeterRegistry registry;
  private final Counter accepted;
  private final Timer acknowledgement;
  private final Timer decided;
  private final Timer queued;
  private final Map<Class<?>, Counter> refused;

  public MicrometerAcceptance(MeterRegistry registry) {
    this.registry = registry;
    this.accepted =
        Counter.builder("dome.ingest.accepted")
            .description("Messages the inbox has on disk")
            .register(registry);
    this.acknowledgement = timer("dome.ingest.inbox.ack", "From publish to acknowledgement");
    this.decided = outcomeTimer("decided");
    this.queued = outcomeTimer("queued");
    this.refused =
        Stream.of(Publication.class.getPermittedSubclasses())
            .filter(kind -> kind != Publication.Stored.class)
            .collect(Collectors.toMap(Function.identity(), this::refusals));
  }

  /** Shows how many claims wait. */
  public void watch(Claims claims) {
    Gauge.builder("dome.ingest.claims.parked", claims, Claims::parked)
        .description("Claims that wait for a task")
        .register(registry);
  }

  /** Shows how many submissions wait for their outcomes, and how many may. */
  public void watch(Admission admission) {
    Gauge.builder("dome.ingest.admission.undecided", admission, Admission::undecided)
        .description("Submissions that wait for their outcome")
        .register(registry);
    Gauge.builder("dome.ingest.admission.window", admission, Admission::window)
        .description("Submissions that may wait for their outcome; more are shed")
        .register(registry);
  }

  @Override
  public void published(Publication publication, long elapsedNs) {
    if (publication instanceof Publication.Stored) {
      accepted.increment();
      acknowledgement.record(elapsedNs, TimeUnit.NANOSECONDS);
    } else {
      refused.get(publication.getClass()).increment();
    }
  }

  @Override
  public void waited(boolean isDecided, long elapsedNs) {
    (isDecided ? decided : queued).record(elapsedNs, TimeUnit.NANOSECONDS);
  }

  private Counter refusals(Class<?> kind) {
    return Counter.builder("dome.ingest.inbox.refused")
        .description("Messages that the inbox did not take or did not acknowledge")
        .tag("cause", kind.getSimpleName().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .publishPercentiles(0.5, 0.99)
        .register(registry);
  }

  private Timer outcomeTimer(String result) {
    return Timer.builder("dome.ingest.outcome.wait")
        .description("From publish to the outcome, or to giving up on it")
        .tag("result", result)
        .publishPercentiles(0.5, 0.99)
        .serviceLevelObjectives(
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(1))
        .register(registry);
  }
}
