package dev.dome.provenance.application;

import dev.dome.contracts.id.Lane;
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
  private final ManifestLoop loop;

  @Inject
  CompletionEffects(ProvenanceStore store, ManifestLoop loop) {
    this.store = store;
    this.loop = loop;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return store.position(lane);
  }

  @Override
  public Uni<Boolean> apply(List<JournalBatch> batches) {
    List<CompletedRun> completed = CompletedRun.among(JournalBatch.rows(batches));
    return store
        .apply(batches, completed)
        .invoke(moved -> {
          if (moved && !completed.isEmpty()) {
            loop.wake();
          }
        });
  }
}
