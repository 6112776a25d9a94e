package dev.dome.journal.adapter.db;

import dev.dome.contracts.id.Lane;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Where a service has got to in each lane; a cursor moves with the effect of the rows it passes.
 */
@ApplicationScoped
public class LaneCursors {
  private final Transactions transactions;

  @Inject
  LaneCursors(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Lane position of the last row whose effect is committed, 0 for none. */
  public Uni<Long> position(Lane lane) {
    return transactions.in((session, context) ->
        session
            .find(LaneCursorEntity.class, lane.number())
            .map(cursor -> cursor == null ? 0L : cursor.position));
  }

  /**
   * Moves the cursor and stores the effect in one transaction.
   *
   * @param effect called once the cursor has moved, on the transaction's session
   * @return false, with nothing stored, when the cursor was not at {@code after}
   */
  public Uni<Boolean> move(
      Lane lane, long after, long last, Function<Mutiny.Session, Uni<?>> effect) {
    return transactions.in((session, context) ->
        moveCursor(session, lane, after, last)
            .flatMap(moved -> moved ? effect.apply(session).replaceWith(true) : answer(false)));
  }

  private static Uni<Boolean> moveCursor(Mutiny.Session session, Lane lane, long after, long last) {
    Uni<Boolean> moved =
        session
            .createMutationQuery(
                "update LaneCursor set position = :last where lane = :lane and position = :after")
            .setParameter("last", last)
            .setParameter("lane", lane.number())
            .setParameter("after", after)
            .executeUpdate()
            .map(rows -> rows == 1);
    return after > 0
        ? moved
        : moved.flatMap(done -> done ? answer(true) : begin(session, lane, last));
  }

  private static Uni<Boolean> answer(boolean moved) {
    return Uni.createFrom().item(moved);
  }

  /** The lane's first row makes its cursor; of two processes that try, one makes it. */
  private static Uni<Boolean> begin(Mutiny.Session session, Lane lane, long last) {
    return session
        .createMutationQuery(
            "insert into LaneCursor (lane, position) values (:lane, :last) on conflict do nothing")
        .setParameter("lane", lane.number())
        .setParameter("last", last)
        .executeUpdate()
        .map(rows -> rows == 1);
  }
}
