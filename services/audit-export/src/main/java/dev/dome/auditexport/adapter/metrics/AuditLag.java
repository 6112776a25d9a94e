package dev.dome.auditexport.adapter.metrics;

import dev.dome.journal.Backlogs;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Per lane, the messages of rows that the server has and the log does not, and for how many seconds
 * at most the oldest of them has waited: since the lane was last seen without any. A reader that is
 * stuck shows both growing.
 */
@ApplicationScoped
public class AuditLag {
  private final Map<String, Lag> lanes = new ConcurrentHashMap<>();
  private final MeterRegistry registry;

  @Inject
  AuditLag(MeterRegistry registry) {
    this.registry = registry;
  }

  /** One lane as of the last look. */
  private static final class Lag {
    private volatile long messages;
    private volatile long emptyAtMs;
    private volatile long seenAtMs;

    private void seen(long backlog, long nowMs) {
      messages = backlog;
      seenAtMs = nowMs;
      if (backlog == 0 || emptyAtMs == 0) {
        emptyAtMs = nowMs;
      }
    }

    private double seconds() {
      return (seenAtMs - emptyAtMs) / 1_000.0;
    }
  }

  void seen(@Observes Backlogs backlogs) {
    backlogs
        .messagesByLane()
        .forEach((lane, messages) ->
            lanes.computeIfAbsent(lane, this::registered).seen(messages, backlogs.atMs()));
  }

  private Lag registered(String lane) {
    Lag lag = new Lag();
    Tags tags = Tags.of("lane", lane);
    Gauge.builder("dome.audit.lag.messages", lag, of -> (double) of.messages)
        .description("Messages of one or more journal rows that are not recorded yet")
        .tags(tags)
        .register(registry);
    Gauge.builder("dome.audit.lag.seconds", lag, Lag::seconds)
        .description("Since when the lane has rows that are not recorded, at most")
        .tags(tags)
        .register(registry);
    return lag;
  }
}
