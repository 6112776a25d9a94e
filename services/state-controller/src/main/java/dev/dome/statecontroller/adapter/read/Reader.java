package dev.dome.statecontroller.adapter.read;

import dev.dome.statecontroller.application.read.RecordUnavailableException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * One read, or one change, in a session of its own. What is wrong with the database is told apart
 * from what is wrong with the query: only the first is worth another try.
 */
@ApplicationScoped
public class Reader {
  /** SQLSTATE classes: connection, resources, operator intervention, system error. */
  private static final Set<String> AWAY = Set.of("08", "53", "57", "58");

  private static final long TIMEOUT_MS = 2_000;
  private static final int MAX_CAUSES = 10;

  private final Mutiny.SessionFactory sessions;

  Reader(Mutiny.SessionFactory sessions) {
    this.sessions = sessions;
  }

  /** Ends after two seconds at most; ingest waits a little longer than that for this service. */
  @Timeout(TIMEOUT_MS)
  public <T> Uni<T> read(Function<Mutiny.Session, Uni<T>> query) {
    return sessions
        .withSession(query)
        .onFailure(Reader::isAway)
        .transform(RecordUnavailableException::new);
  }

  /** As {@link #read}, in a transaction that is committed when the change is made. */
  @Timeout(TIMEOUT_MS)
  public <T> Uni<T> change(Function<Mutiny.Session, Uni<T>> change) {
    return sessions
        .withTransaction(session -> change.apply(session))
        .onFailure(Reader::isAway)
        .transform(RecordUnavailableException::new);
  }

  private static boolean isAway(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof PgException pg) {
        return pg.getSqlState() != null && AWAY.contains(pg.getSqlState().substring(0, 2));
      }
      if (cause instanceof IOException || cause instanceof VertxException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
