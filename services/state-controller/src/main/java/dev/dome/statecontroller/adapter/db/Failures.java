package dev.dome.statecontroller.adapter.db;

import dev.dome.statecontroller.application.StoreException;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the database, within a budget, and says what a failure means for the transaction. */
final class Failures {
  /** One statement or commit; beyond it the outcome counts as unknown. */
  static final long BUDGET_MS = 5_000;

  private Failures() {}

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(BUDGET_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new StoreException(kindOf(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new StoreException(StoreException.Kind.UNKNOWN, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(StoreException.Kind.UNKNOWN, e);
    }
  }

  /**
   * By SQLSTATE (PostgreSQL, appendix A): unique violation, serialisation failure and deadlock are
   * undone and worth another try; data and integrity errors are the data's fault; anything else, a
   * lost connection included, leaves the outcome unknown.
   */
  private static StoreException.Kind kindOf(Throwable cause) {
    if (!(cause instanceof PgException pg) || pg.getSqlState() == null) {
      return StoreException.Kind.UNKNOWN;
    }
    String state = pg.getSqlState();
    if (state.equals("23505") || state.startsWith("40")) {
      return StoreException.Kind.CONFLICT;
    }
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54")
        ? StoreException.Kind.REFUSED
        : StoreException.Kind.UNKNOWN;
  }
}
