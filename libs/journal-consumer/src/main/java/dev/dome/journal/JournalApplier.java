package dev.dome.journal;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Applies the journal to a service, each row once, in order and with none left out. */
@ApplicationScoped
public class JournalApplier {
  private final JointCommits commits;
  private final JournalOwner owner;

  @Inject
  public JournalApplier(JournalEffects effects, JournalOwner owner) {
    this(effects, owner, JointCommits::rest);
  }

  /** One that rests as it is told after each transaction. */
  public JournalApplier(JournalEffects effects, JournalOwner owner, Rest rest) {
    this.commits = new JointCommits(effects, rest);
    this.owner = owner;
  }

  /**
   * Completes when the batch, and whatever is missing in front of it, is committed; fails with
   * {@link CursorMovedException} when somebody else moved the cursor meanwhile.
   */
  public Uni<Void> apply(JournalBatch batch) {
    return batch.gap().isEmpty()
        ? commit(batch.lane(), batch.after(), batch.rows())
        : fill(batch, batch.after());
  }

  /** Applies what the owner has beyond a position; completes with the position reached. */
  public Uni<Long> beyond(Lane lane, long after) {
    return owner
        .rows(lane, after)
        .flatMap(rows ->
            rows.isEmpty()
                ? Uni.createFrom().item(after)
                : commit(lane, after, contiguous(rows, after, Long.MAX_VALUE))
                    .flatMap(done -> beyond(lane, rows.getLast().lanePosition())));
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
    return commits.commit(new JournalBatch(lane, after, rows));
  }
}
