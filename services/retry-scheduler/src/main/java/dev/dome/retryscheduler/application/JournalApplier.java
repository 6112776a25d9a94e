package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Applies the journal to the timers, each row once and in order. */
@ApplicationScoped
public class JournalApplier {
  private final TimerStore store;
  private final JournalOwner owner;
  private final FiringLoop loop;

  @Inject
  public JournalApplier(TimerStore store, JournalOwner owner, FiringLoop loop) {
    this.store = store;
    this.owner = owner;
    this.loop = loop;
  }

  /** The cursor was elsewhere: whoever reads must ask for it again. */
  public static final class CursorMovedException extends RuntimeException {
    CursorMovedException(Lane lane, long expected) {
      super("the cursor of lane " + lane + " is not at " + expected);
    }
  }

  /** Completes when the batch, and whatever is missing in front of it, is committed. */
  public Uni<Void> apply(JournalBatch batch) {
    return batch.gap().isEmpty()
        ? commit(batch.lane(), batch.after(), batch.rows())
        : fill(batch, batch.after());
  }

  private Uni<Void> fill(JournalBatch batch, long after) {
    long first = batch.rows().getFirst().lanePosition();
    if (after + 1 == first) {
      return commit(batch.lane(), after, batch.rows());
    }
    return owner
        .rows(batch.lane(), after)
        .map(rows -> contiguous(rows, after, first))
        .flatMap(rows ->
            commit(batch.lane(), after, rows)
                .flatMap(done -> fill(batch, rows.getLast().lanePosition())));
  }

  private static List<PublishedRow> contiguous(List<PublishedRow> rows, long after, long before) {
    List<PublishedRow> wanted = rows.stream().filter(row -> row.lanePosition() < before).toList();
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.get(i).lanePosition() != after + 1 + i) {
        throw new IllegalStateException("the journal's owner left a gap behind " + after);
      }
    }
    if (wanted.isEmpty()) {
      throw new IllegalStateException("the journal's owner has no row behind " + after);
    }
    return wanted;
  }

  private Uni<Void> commit(Lane lane, long after, List<PublishedRow> rows) {
    TimerChanges changes = TimerChanges.of(rows);
    return store
        .apply(lane, after, rows.getLast().lanePosition(), changes)
        .invoke(moved -> {
          if (!moved) {
            throw new CursorMovedException(lane, after);
          }
          changes.firstDueAtMs().ifPresent(loop::expect);
        })
        .replaceWithVoid();
  }
}
