package dev.dome.auditexport.application;

import dev.dome.contracts.id.Lane;
import dev.dome.journal.JournalEffects;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Records every journal row. */
@ApplicationScoped
public class JournalRecords implements JournalEffects {
  private final AuditStore store;

  @Inject
  JournalRecords(AuditStore store) {
    this.store = store;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return store.position(lane);
  }

  @Override
  public Uni<Boolean> apply(List<JournalBatch> batches) {
    return store.append(
        batches, JournalBatch.rows(batches).stream().map(AuditEntry.Journal::of).toList());
  }
}
