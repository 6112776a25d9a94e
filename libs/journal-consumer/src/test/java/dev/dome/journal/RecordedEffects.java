package dev.dome.journal;

import dev.dome.contracts.id.Lane;
import dev.dome.journal.adapter.db.LaneCursors;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service whose effect is to remember positions. Its cursors are real; what it remembers counts
 * as stored once their transaction is committed.
 */
@Singleton
class RecordedEffects implements JournalEffects {
  private final LaneCursors cursors;
  private final Map<Lane, List<Long>> applied = new ConcurrentHashMap<>();
  private final Map<Lane, AtomicInteger> failures = new ConcurrentHashMap<>();

  @Inject
  RecordedEffects(LaneCursors cursors) {
    this.cursors = cursors;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return cursors.position(lane);
  }

  @Override
  public Uni<Boolean> apply(List<JournalBatch> batches) {
    return cursors
        .move(batches, session -> effect(batches))
        .invoke(moved -> {
          if (moved) {
            batches.forEach(this::remember);
          }
        });
  }

  private Uni<Void> effect(List<JournalBatch> batches) {
    boolean planned = false;
    for (JournalBatch batch : batches) {
      planned |= left(batch.lane()).getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }
    return planned
        ? Uni.createFrom().failure(new IllegalStateException("planned"))
        : Uni.createFrom().voidItem();
  }

  private void remember(JournalBatch batch) {
    batch.rows().forEach(row -> of(batch.lane()).add(row.lanePosition()));
  }

  /** Another process of the service applies rows that this one never sees. */
  void appliedElsewhere(JournalBatch batch) {
    cursors.move(List.of(batch), session -> Uni.createFrom().voidItem()).await().indefinitely();
  }

  void failNext(Lane lane, int times) {
    left(lane).set(times);
  }

  /** Positions whose effect was stored, in the order of their storing. */
  List<Long> of(Lane lane) {
    return applied.computeIfAbsent(lane, any -> new CopyOnWriteArrayList<>());
  }

  AtomicInteger left(Lane lane) {
    return failures.computeIfAbsent(lane, any -> new AtomicInteger());
  }
}
