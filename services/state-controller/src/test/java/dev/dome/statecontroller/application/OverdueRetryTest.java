package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Replay;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A retry whose wake-up was lost. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class OverdueRetryTest extends WriterContract {
  private static final long LONGER_THAN_ANY_DELAY_MS = 9_000;

  private final RunId runId = new RunId("run-0");

  OverdueRetryTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private List<JournalRow> journal() {
    return subject.table().after(Lane.of(namespace, runId, 16), 0, 1_000_000).stream()
        .filter(row -> row.namespace().equals(namespace))
        .toList();
  }

  /** The attempt that failed and is to be followed by another after a delay. */
  private Claim.GrantedTask failed() {
    submitAll(1);
    Claim.GrantedTask task = claim("first", 1).getFirst();
    deliver(
        Messages.report(operation(), namespace, task, Messages.lost(task.taskId()), null),
        task.attemptId().lane());
    drive();
    return task;
  }

  private void overdue(Claim.GrantedTask task) {
    JournalRow row = journal().getFirst();
    waiting(new Command.RetryOverdue(row.lane(), row.runUid(), task.taskId(), task.attempt() + 1));
    drive();
  }

  @Test
  void isWokenByItsOwner() {
    Claim.GrantedTask task = failed();
    now += LONGER_THAN_ANY_DELAY_MS;
    drive();
    assertThat(claim("too-early", 1)).isNull();

    overdue(task);

    assertThat(said.claims.get("too-early-" + namespace))
        .extracting(Claim.GrantedTask::attempt)
        .containsExactly(2);
    assertThat(Replay.verify(journal())).isInstanceOf(Replay.Result.Match.class);
  }

  @Test
  void isWokenOnce() {
    Claim.GrantedTask task = failed();
    now += LONGER_THAN_ANY_DELAY_MS;
    overdue(task);
    int woken = journal().size();

    overdue(task);

    assertThat(journal()).hasSize(woken);
    assertThat(said.failures).isEmpty();
  }
}
