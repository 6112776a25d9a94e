package dev.dome.provenance.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.journal.JournalEffects;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** What the journal does to provenance: a run that completes awaits its manifest. */
@ApplicationScoped
public class CompletionEffects implements JournalEffects {
  private final ProvenanceStore store;
  private final FollowedLedgers ledgers;

  @Inject
  CompletionEffects(ProvenanceStore store, FollowedLedgers ledgers) {
    this.store = store;
    this.ledgers = ledgers;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return store.position(lane);
  }

  @Override
  public Uni<Boolean> apply(List<JournalBatch> batches) {
    List<PublishedRow> rows = JournalBatch.rows(batches);
    return store
        .apply(batches, CompletedRun.among(rows))
        .invoke(moved -> {
          if (moved) {
            ledgers.follow(rows);
          }
        });
  }
}
