package dev.dome.journal.adapter.db;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Where a service has got to in each lane; a cursor moves with the effect of the rows it passes.
 */
@ApplicationScoped
public class LaneCursors {
  private static final String BEGIN =
      """
      insert into lane_cursor (lane, position)
      select lane, 0 from unnest(cast(:lanes as integer[])) as first (lane)
      on conflict do nothing
      """;

  private static final String MOVE =
      """
      update lane_cursor as cursor set position = batch.last
      from unnest(cast(:lanes as integer[]), cast(:afters as bigint[]), cast(:lasts as bigint[]))
        as batch (lane, after, last)
      where cursor.lane = batch.lane and cursor.position = batch.after
      """;

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
   * Moves the cursors behind the batches and stores their effect in one transaction.
   *
   * @param batches each of a lane of its own
   * @param effect called once the cursors have moved, on the transaction's session
   * @return false, with nothing stored, when a cursor was not where its batch follows
   */
  public Uni<Boolean> move(List<JournalBatch> batches, Function<Mutiny.Session, Uni<?>> effect) {
    return transactions
        .in((session, context) ->
            begun(session, batches)
                .flatMap(begun -> moved(session, batches))
                .flatMap(moved ->
                    moved == batches.size()
                        ? effect.apply(session).replaceWith(true)
                        : Uni.createFrom().failure(new Elsewhere())))
        .onFailure(Elsewhere.class)
        .recoverWithItem(false);
  }

  /** Rolls back what has moved already. */
  private static final class Elsewhere extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Elsewhere() {
      super("a lane's cursor is elsewhere", null, false, false);
    }
  }

  /** A lane's first rows make its cursor. */
  private static Uni<Integer> begun(Mutiny.Session session, List<JournalBatch> batches) {
    List<JournalBatch> first = batches.stream().filter(batch -> batch.after() == 0).toList();
    return first.isEmpty()
        ? Uni.createFrom().item(0)
        : session.createNativeQuery(BEGIN).setParameter("lanes", lanes(first)).executeUpdate();
  }

  private static Uni<Integer> moved(Mutiny.Session session, List<JournalBatch> batches) {
    Columns<JournalBatch> columns = new Columns<>(batches);
    return session
        .createNativeQuery(MOVE)
        .setParameter("lanes", lanes(batches))
        .setParameter("afters", columns.longs(JournalBatch::after))
        .setParameter("lasts", columns.longs(JournalBatch::last))
        .executeUpdate();
  }

  private static Integer[] lanes(List<JournalBatch> batches) {
    return new Columns<>(batches).integers(batch -> batch.lane().number());
  }
}
