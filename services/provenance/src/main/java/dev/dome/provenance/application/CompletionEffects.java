package dev.dome.provenance.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.journal.JournalEffects;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** What the journal does to provenance: a run that completes awaits its manifest. */
@ApplicationScoped
public class CompletionEffects implements JournalEffects {
  private final ProvenanceStore store;
  private final FollowedLedgers ledgers;
  private final ManifestLoop loop;

  @Inject
  CompletionEffects(ProvenanceStore store, FollowedLedgers ledgers, ManifestLoop loop) {
    this.store = store;
    this.ledgers = ledgers;
    this.loop = loop;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return store.position(lane);
  }

  @Override
  public Uni<Boolean> apply(List<JournalBatch> batches) {
    List<PublishedRow> rows = JournalBatch.rows(batches);
    List<CompletedRun> completed = CompletedRun.among(rows);
    return followed(rows)
        .chain(() -> store.apply(batches, completed))
        .invoke(moved -> {
          if (moved && !completed.isEmpty()) {
            loop.wake();
          }
        });
  }

  /**
   * First, so that a ledger is there when its run is known to have ended. Rows that come again
   * because they were not stored are not followed twice: their runs' ledgers are then read.
   */
  private Uni<Void> followed(List<PublishedRow> rows) {
    return Uni.createFrom()
        .voidItem()
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .invoke(() -> ledgers.follow(rows));
  }
}
