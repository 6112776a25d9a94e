package dev.dome.journal.adapter.db;

import dev.dome.journal.DatabaseUnavailableException;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * Bounds what a caller waits for, and tells what is wrong with the database apart from what is
 * wrong with the query: only the first is worth another try.
 */
final class Availability {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** SQLSTATE classes: connection, resources, operator intervention, system error. */
  private static final Set<String> AWAY = Set.of("08", "53", "57", "58");

  private static final int MAX_CAUSES = 10;

  private Availability() {}

  /** The same work, ended after five seconds; failures of the database as unavailability. */
  static <T> Uni<T> bounded(Uni<T> work) {
    return told(work.ifNoItem().after(PATIENCE).fail());
  }

  /** The same work; failures of the database as unavailability. */
  static <T> Uni<T> told(Uni<T> work) {
    return work.onFailure(Availability::isAway).transform(DatabaseUnavailableException::new);
  }

  private static boolean isAway(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof PgException pg) {
        return pg.getSqlState() != null && AWAY.contains(pg.getSqlState().substring(0, 2));
      }
      if (cause instanceof IOException
          || cause instanceof VertxException
          || cause instanceof TimeoutException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
