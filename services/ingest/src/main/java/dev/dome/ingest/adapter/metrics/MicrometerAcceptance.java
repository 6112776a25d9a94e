package dev.dome.ingest.adapter.metrics;

import dev.dome.ingest.application.AcceptanceMeter;
import dev.dome.ingest.application.Claims;
import dev.dome.ingest.application.Inbox.Publication;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Acceptance as metrics: stored messages, how long the inbox and the outcome took. */
public final class MicrometerAcceptance implements AcceptanceMeter {
  private final MeterRegistry registry;
  private final Counter accepted;
  private final Timer acknowledgement;
  private final Timer decided;
  private final Timer queued;

  public MicrometerAcceptance(MeterRegistry registry) {
    this.registry = registry;
    this.accepted =
        Counter.builder("dome.ingest.accepted")
            .description("Messages the inbox has on disk")
            .register(registry);
    this.acknowledgement = timer("dome.ingest.inbox.ack", "From publish to acknowledgement");
    this.decided = outcomeTimer("decided");
    this.queued = outcomeTimer("queued");
  }

  /** Shows how many claims wait. */
  public void watch(Claims claims) {
    Gauge.builder("dome.ingest.claims.parked", claims, Claims::parked)
        .description("Claims that wait for a task")
        .register(registry);
  }

  @Override
  public void published(Publication publication, long elapsedNs) {
    if (publication instanceof Publication.Stored) {
      accepted.increment();
      acknowledgement.record(elapsedNs, TimeUnit.NANOSECONDS);
    } else {
      String cause = publication.getClass().getSimpleName().toLowerCase(Locale.ROOT);
      registry.counter("dome.ingest.inbox.refused", "cause", cause).increment();
    }
  }

  @Override
  public void waited(boolean isDecided, long elapsedNs) {
    (isDecided ? decided : queued).record(elapsedNs, TimeUnit.NANOSECONDS);
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
        .register(registry);
  }
}
