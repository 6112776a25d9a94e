package dev.dome.journal.adapter.metrics;

import dev.dome.contracts.wire.Subjects;
import dev.dome.journal.Backlogs;
import dev.dome.journal.config.JournalConfig;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamRefusedException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Messages of DOME_JOURNAL that the service has not acknowledged, as the server counts them: a
 * reader that is stuck, or away for a while, still shows a growing lag.
 */
@ApplicationScoped
public class JournalLag {
  private static final Logger LOG = Logger.getLogger(JournalLag.class);
  private static final long EVERY_MS = 5_000;

  private final Thread thread = Thread.ofVirtual().name("journal-lag").unstarted(this::run);
  private final NatsLink link;
  private final Event<Backlogs> looks;
  private final String consumers;
  private volatile double messages = Double.NaN;

  @Inject
  JournalLag(NatsLink link, JournalConfig config, MeterRegistry registry, Event<Backlogs> looks) {
    this.link = link;
    this.looks = looks;
    this.consumers = config.service() + "-lane-";
    Gauge.builder("dome.journal.lag", () -> messages)
        .description("Journal messages not applied yet; NaN while the server cannot be asked")
        .register(registry);
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
        TimeUnit.MILLISECONDS.sleep(EVERY_MS);
      }
    } catch (InterruptedException e) {
      LOG.debug("journal lag interrupted");
    }
  }

  private void look() {
    try {
      Backlogs backlogs = new Backlogs(System.currentTimeMillis(), byLane());
      messages = (double) backlogs.messages();
      looks.fire(backlogs);
    } catch (UncheckedIOException | StreamRefusedException e) {
      messages = Double.NaN;
      LOG.debugf("journal lag unknown cause=%s", e.getClass().getSimpleName());
    }
  }

  private Map<String, Long> byLane() {
    return link.streams().backlogs(Subjects.JOURNAL_STREAM).entrySet().stream()
        .filter(consumer -> consumer.getKey().startsWith(consumers))
        .collect(
            Collectors.toMap(
                consumer -> consumer.getKey().substring(consumers.length()), Map.Entry::getValue));
  }
}
