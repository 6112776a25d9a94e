package dev.dome.retryscheduler.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.retryscheduler.JournalWriter;
import org.junit.jupiter.api.Test;

class TimerChangesTest {
  private final JournalWriter run =
      new JournalWriter(new NamespaceId("tenant-a"), "run-1", new Lane(3));

  @Test
  void a_scheduled_retry_sets_a_timer_named_after_its_row() {
    TimerChanges changes = TimerChanges.of(run.assigned().retry("build", 2, 1_000).rows());

    assertThat(changes.set())
        .singleElement()
        .satisfies(timer -> {
          assertThat(timer.timerId()).isEqualTo(run.runUid() + "-2");
          assertThat(timer.kind()).isEqualTo(TimerKind.RETRY);
          assertThat(timer.task()).isEqualTo(new Timer.DueTask(new TaskId("build"), 2));
          assertThat(timer.lane()).isEqualTo(new Lane(3));
        });
    assertThat(changes.firstDueAtMs()).hasValue(1_000);
  }

  @Test
  void deadlines_and_waiting_for_a_human_set_timers_only_when_they_have_a_time() {
    TimerChanges changes = TimerChanges.of(run.planned(5_000L).needsHuman(4_000).rows());

    assertThat(changes.set())
        .extracting(Timer::kind)
        .containsExactly(TimerKind.RUN_DEADLINE, TimerKind.APPROVAL_EXPIRY);
    assertThat(changes.firstDueAtMs()).hasValue(4_000);
    JournalWriter timeless =
        new JournalWriter(new NamespaceId("tenant-a"), "run-2", new Lane(3))
            .planned(null)
            .event("promotion.decision", JsonNodeFactory.instance.objectNode());
    assertThat(TimerChanges.of(timeless.rows()).isEmpty()).isTrue();
  }

  @Test
  void a_run_that_completes_loses_its_timers_those_of_the_same_rows_included() {
    TimerChanges changes = TimerChanges.of(run.retry("build", 2, 1_000).completed().rows());

    assertThat(changes.set()).isEmpty();
    assertThat(changes.completedRuns()).containsExactly(run.runUid());
  }

  @Test
  void input_rows_set_nothing() {
    run.row(
        PublishedRow.Kind.INPUT,
        "task.retry.scheduled",
        JsonNodeFactory.instance.objectNode().put("due_at_ms", 1));

    assertThat(TimerChanges.of(run.rows()).isEmpty()).isTrue();
  }

  @Test
  void an_attempt_with_a_deadline_sets_a_timer_that_goes_when_it_ends_in_time() {
    run.claimed("build", 1, 9_000L).claimed("free", 1, null);

    Timer timer = TimerChanges.of(run.rows()).set().getFirst();
    assertThat(timer.kind()).isEqualTo(TimerKind.TASK_DEADLINE);
    assertThat(timer.leased()).isEqualTo(new Timer.LeasedAttempt(run.attemptId(1), 1));
    assertThat(timer.dueAtMs()).isEqualTo(9_000);
    assertThat(TimerChanges.of(run.rows()).set()).hasSize(1);

    TimerChanges ended = TimerChanges.of(run.reported(1).rows());
    assertThat(ended.set()).isEmpty();
    assertThat(ended.endedAttempts()).containsExactly(run.attemptId(1));
  }
}
