package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.statecontroller.application.read.RunReads;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Reads as a request does before the first request comes: on a cold and busy machine the classes of
 * the first query take longer to load than a request may wait, and they load on an event loop that
 * serves other requests too.
 */
@ApplicationScoped
public class ReadWarmUp {
  private static final Logger LOG = Logger.getLogger(ReadWarmUp.class);

  /** What is read need not exist. */
  private static final RunUid NO_RUN = new RunUid("0".repeat(32));

  private static final AttemptId NO_ATTEMPT = AttemptId.derive(new Lane(0), NO_RUN, 0);

  /** A database that is away longer than this is a matter of readiness, not of the start. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static final long PAUSE_MS = 100;

  private final Vertx vertx;
  private final RunReads runs;
  private final JournalReads journal;

  ReadWarmUp(Vertx vertx, RunReads runs, JournalReads journal) {
    this.vertx = vertx;
    this.runs = runs;
    this.journal = journal;
  }

  /** The HTTP port opens after this, so the service is not ready before. */
  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event)
      throws InterruptedException {
    long until = System.nanoTime() + LONGEST.toNanos();
    while (!answered() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  private boolean answered() {
    try {
      onContext(reads()).await().atMost(LONGEST);
      return true;
    } catch (RuntimeException e) {
      LOG.infof("not warm yet cause=%s", e.getClass().getSimpleName());
      return false;
    }
  }

  private Uni<?> reads() {
    return runs.find(new NamespaceId("dome-system"), new RunId("warm-up"))
        .chain(() -> runs.tasks(NO_RUN, null, -1, 1))
        .chain(() -> runs.leases(List.of(NO_ATTEMPT)))
        .chain(() -> journal.events(NO_RUN, 0, 1));
  }

  /** Sessions need a context of their own, as each HTTP request has. */
  private Uni<?> onContext(Uni<?> reads) {
    return Uni.createFrom()
        .emitter(emitter -> {
          Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
          VertxContextSafetyToggle.setContextSafe(context, true);
          context.runOnContext(ignored -> reads.subscribe().with(emitter::complete, emitter::fail));
        });
  }
}
