package dev.dome.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which batches share a transaction, and what a batch that cannot be applied does to others. */
class JointCommitsTest {
  private final Deque<Runnable> rests = new ArrayDeque<>();
  private final Transactions transactions = new Transactions();
  private final JointCommits commits = new JointCommits(transactions, rests::add);

  /** Transactions that end when the test says so. */
  private static final class Transactions implements JournalEffects {
    private final List<List<Integer>> begun = new ArrayList<>();
    private final List<UniEmitter<? super Boolean>> open = new ArrayList<>();
    private final Set<Integer> elsewhere = new HashSet<>();

    @Override
    public Uni<Long> position(Lane lane) {
      throw new IllegalStateException("nothing asks here");
    }

    @Override
    public Uni<Boolean> apply(List<JournalBatch> batches) {
      begun.add(batches.stream().map(batch -> batch.lane().number()).toList());
      return Uni.createFrom().emitter(open::add);
    }

    private void end() {
      boolean moved = begun.get(begun.size() - 1).stream().noneMatch(elsewhere::contains);
      open.removeFirst().complete(moved);
    }
  }

  /** Ends the transaction, and the rest after it. */
  private void next() {
    transactions.end();
    rests.removeFirst().run();
  }

  private CompletableFuture<Void> commit(int lane, int rows) {
    Lane of = new Lane(lane);
    return commits
        .commit(new JournalBatch(of, 0, Lines.rows(of, 1, rows)))
        .subscribeAsCompletionStage();
  }

  @Test
  void whatComesWhileATransactionIsUnderWaySharesTheNext() {
    CompletableFuture<Void> first = commit(1, 1);
    CompletableFuture<Void> second = commit(2, 1);
    CompletableFuture<Void> third = commit(3, 1);
    assertThat(transactions.begun).containsExactly(List.of(1));

    transactions.end();

    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    CompletableFuture<Void> fourth = commit(4, 1);
    rests.removeFirst().run();
    assertThat(transactions.begun).containsExactly(List.of(1), List.of(2, 3, 4));
    next();
    assertThat(fourth).isCompleted();
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
  }

  @Test
  void aTransactionIsBounded() {
    List<CompletableFuture<Void>> all =
        List.of(commit(1, 1), commit(2, 1_500), commit(3, 1_500), commit(4, 10));

    next();
    next();

    assertThat(transactions.begun).containsExactly(List.of(1), List.of(2), List.of(3, 4));
    next();
    assertThat(all).allMatch(CompletableFuture::isDone);
  }

  @Test
  void aLaneThatWentToAnotherHoldsUpNone() {
    transactions.elsewhere.add(3);
    CompletableFuture<Void> first = commit(1, 1);
    CompletableFuture<Void> second = commit(2, 1);
    CompletableFuture<Void> third = commit(3, 1);
    CompletableFuture<Void> fourth = commit(4, 1);

    next();
    for (int i = 0; i < 4; i++) {
      transactions.end();
    }

    assertThat(List.of(first, second)).allMatch(CompletableFuture::isDone);
    assertThat(fourth).isCompleted();
    assertThatThrownBy(third::join).hasCauseInstanceOf(CursorMovedException.class);
    assertThat(transactions.begun)
        .containsExactly(List.of(1), List.of(2, 3, 4), List.of(2), List.of(3), List.of(4));
  }
}
