package dev.dome.journal.adapter.db;

import dev.dome.journal.DatabaseUnavailableException;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.BiFunction;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Runs work in a transaction on a Vert.x context of its own, so that any thread may ask for it: the
 * journal's readers and a service's loops run on virtual threads.
 */
@ApplicationScoped
public class Transactions {
  private final Vertx vertx;
  private final Mutiny.SessionFactory sessions;

  @Inject
  Transactions(Vertx vertx, Mutiny.SessionFactory sessions) {
    this.vertx = vertx;
    this.sessions = sessions;
  }

  /**
   * As {@link #in}, for whoever a caller of the service waits for: ends after five seconds, and
   * with {@link DatabaseUnavailableException} when the database is the reason.
   */
  public <T> Uni<T> bounded(BiFunction<Mutiny.Session, Context, Uni<T>> work) {
    return Availability.bounded(in(work));
  }

  /** As {@link #bounded}, for what takes as long as it takes. */
  public <T> Uni<T> unbounded(BiFunction<Mutiny.Session, Context, Uni<T>> work) {
    return Availability.told(in(work));
  }

  /**
   * The work is given the session and its context; whatever it waits for must come back to that
   * context before it uses the session again.
   */
  public <T> Uni<T> in(BiFunction<Mutiny.Session, Context, Uni<T>> work) {
    return Uni.createFrom()
        .emitter(emitter -> {
          Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
          VertxContextSafetyToggle.setContextSafe(context, true);
          context.runOnContext(ignored ->
              sessions
                  .withTransaction(session -> work.apply(session, context))
                  .subscribe()
                  .with(emitter::complete, emitter::fail));
        });
  }
}
