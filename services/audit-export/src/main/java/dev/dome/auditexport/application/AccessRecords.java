package dev.dome.auditexport.application;

import dev.dome.contracts.wire.AccessDecision;
import dev.dome.messaging.AccessReader;
import dev.dome.messaging.AccessReader.Batch;
import dev.dome.messaging.AccessReader.Delivery;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/** Records every access decision. */
@ApplicationScoped
public class AccessRecords {
  private final AuditStore store;

  @Inject
  AccessRecords(AuditStore store) {
    this.store = store;
  }

  public Uni<AccessReader.Position> position() {
    return store.accessPosition();
  }

  /** Completes once the batch is committed; fails when somebody else moved the cursor meanwhile. */
  public Uni<Void> apply(Batch batch) {
    List<AuditEntry.Access> entries = new ArrayList<>();
    batch.deliveries().forEach(delivery -> add(batch.last().incarnation(), delivery, entries));
    return store
        .append(batch.after(), batch.last(), entries)
        .invoke(moved -> {
          if (!moved) {
            throw new IllegalStateException("the access cursor is not at " + batch.after());
          }
        })
        .replaceWithVoid();
  }

  private static void add(String incarnation, Delivery delivery, List<AuditEntry.Access> entries) {
    List<AccessDecision> decisions = delivery.batch().decisions();
    for (int i = 0; i < decisions.size(); i++) {
      entries.add(
          new AuditEntry.Access(
              incarnation, delivery.sequence(), i, delivery.batch().service(), decisions.get(i)));
    }
  }
}
