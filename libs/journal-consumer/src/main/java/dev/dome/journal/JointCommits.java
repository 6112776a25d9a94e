package dev.dome.journal;

import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Commits batches of many lanes together: after a transaction there is a short rest, and whatever
 * comes until its end shares the next. A lane that cannot be applied holds up no other, for after a
 * failure each batch is tried by itself.
 */
final class JointCommits {
  /** Rows that share a transaction, unless one batch alone has more. */
  private static final int MAX_ROWS = 2_000;

  /**
   * The lanes are published together, but each comes by a message with an fsync of its own, so that
   * without a rest the first would have their transactions to themselves.
   */
  private static final long REST_MS = 50;

  private final JournalEffects effects;
  private final Rest rest;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean underWay;

  private record Waiting(JournalBatch batch, UniEmitter<? super Void> caller) {}

  JointCommits(JournalEffects effects, Rest rest) {
    this.effects = effects;
    this.rest = rest;
  }

  /** The rest of a service; one that stops meanwhile goes on with nothing. */
  static void rest(Runnable next) {
    CompletableFuture.delayedExecutor(
            REST_MS, TimeUnit.MILLISECONDS, Infrastructure.getDefaultWorkerPool())
        .execute(next);
  }

  /**
   * Completes when the batch is committed; fails with {@link CursorMovedException} when the lane's
   * cursor was elsewhere. A lane has one batch under way at a time.
   */
  Uni<Void> commit(JournalBatch batch) {
    return Uni.createFrom()
        .emitter(caller -> {
          add(new Waiting(batch, caller));
          next();
        });
  }

  private synchronized void add(Waiting batch) {
    waiting.add(batch);
  }

  private void next() {
    List<Waiting> turn = begin();
    if (!turn.isEmpty()) {
      settle(turn)
          .subscribe()
          .with(done ->
              rest.then(() -> {
                end();
                next();
              }));
    }
  }

  /** The batches of the next transaction; none while one is under way. */
  private synchronized List<Waiting> begin() {
    List<Waiting> turn = new ArrayList<>();
    if (underWay) {
      return turn;
    }
    int rows = 0;
    while (!waiting.isEmpty() && (turn.isEmpty() || rows + size(waiting.peek()) <= MAX_ROWS)) {
      rows += size(waiting.peek());
      turn.add(waiting.poll());
    }
    underWay = !turn.isEmpty();
    return turn;
  }

  private static int size(Waiting one) {
    return one.batch().rows().size();
  }

  /** Completes, never with a failure, once every caller of the turn has been told. */
  private Uni<Void> settle(List<Waiting> turn) {
    return Uni.createFrom()
        .deferred(() -> effects.apply(turn.stream().map(Waiting::batch).toList()))
        .onItemOrFailure()
        .transformToUni((moved, failure) -> {
          if (failure == null && moved) {
            turn.forEach(one -> one.caller().complete(null));
            return Uni.createFrom().voidItem();
          }
          return turn.size() == 1 ? refuse(turn.getFirst(), failure) : oneByOne(turn);
        });
  }

  private Uni<Void> oneByOne(List<Waiting> turn) {
    return Multi.createFrom()
        .iterable(turn)
        .onItem()
        .transformToUniAndConcatenate(one -> settle(List.of(one)))
        .onItem()
        .ignoreAsUni();
  }

  private static Uni<Void> refuse(Waiting one, Throwable failure) {
    JournalBatch batch = one.batch();
    one.caller()
        .fail(failure == null ? new CursorMovedException(batch.lane(), batch.after()) : failure);
    return Uni.createFrom().voidItem();
  }

  private synchronized void end() {
    underWay = false;
  }
}
