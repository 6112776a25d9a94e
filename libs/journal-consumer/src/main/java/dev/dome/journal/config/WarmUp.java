package dev.dome.journal.config;

import dev.dome.contracts.id.Lane;
import dev.dome.journal.JournalEffects;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Asks the service's database once before the journal's readers start: the classes of the first
 * query take so long to load on a busy machine that every reader's own question would time out.
 */
@ApplicationScoped
class WarmUp {
  private static final Logger LOG = Logger.getLogger(WarmUp.class);

  /** A database that is away longer than this is a matter of readiness, not of the start. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static final long PAUSE_MS = 100;

  private final JournalEffects effects;

  WarmUp(JournalEffects effects) {
    this.effects = effects;
  }

  /** Channels start later at the same event; the HTTP port opens after it. */
  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event)
      throws InterruptedException {
    long until = System.nanoTime() + LONGEST.toNanos();
    while (!answered() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  private boolean answered() {
    try {
      effects.position(new Lane(0)).await().atMost(LONGEST);
      return true;
    } catch (RuntimeException e) {
      LOG.infof("not warm yet cause=%s", e.getClass().getSimpleName());
      return false;
    }
  }
}
