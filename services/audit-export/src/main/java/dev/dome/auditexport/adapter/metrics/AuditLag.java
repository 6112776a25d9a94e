package dev.dome.auditexport.adapter.metrics;

import dev.dome.auditexport.config.AuditConfig;
import dev.dome.contracts.wire.Subjects;
import dev.dome.journal.config.JournalConfig;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamRefusedException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Per lane, the messages of rows that the server has and the log does not, and for how many seconds
 * at most the oldest of them has waited: since the lane was last seen without any. A reader that is
 * stuck shows both growing.
 */
@ApplicationScoped
public class AuditLag {
  private static final Logger LOG = Logger.getLogger(AuditLag.class);

  private final Thread thread = Thread.ofVirtual().name("audit-lag").unstarted(this::run);
  private final Map<String, Lag> lanes = new ConcurrentHashMap<>();
  private final NatsLink link;
  private final MeterRegistry registry;
  private final String consumers;
  private final long everyMs;
  private final Clock clock = Clock.systemUTC();

  @Inject
  AuditLag(NatsLink link, JournalConfig journal, AuditConfig config, MeterRegistry registry) {
    this.link = link;
    this.registry = registry;
    this.consumers = journal.service() + "-lane-";
    this.everyMs = config.lagEvery().toMillis();
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

  void start(@Observes StartupEvent event) {
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        look();
        TimeUnit.MILLISECONDS.sleep(everyMs);
      }
    } catch (InterruptedException e) {
      LOG.debug("audit lag interrupted");
    }
  }

  private void look() {
    try {
      long nowMs = clock.millis();
      link.streams()
          .backlogs(Subjects.JOURNAL_STREAM)
          .forEach((consumer, messages) -> {
            if (consumer.startsWith(consumers)) {
              String lane = consumer.substring(consumers.length());
              lanes.computeIfAbsent(lane, this::registered).seen(messages, nowMs);
            }
          });
    } catch (UncheckedIOException | StreamRefusedException e) {
      LOG.warnf("audit lag not known type=%s", e.getClass().getSimpleName());
    }
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
