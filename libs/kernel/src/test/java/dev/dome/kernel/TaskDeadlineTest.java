package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.artifact.AttemptRecord;
import org.junit.jupiter.api.Test;

class TaskDeadlineTest {

  @Test
  void theTimeOfAnAttemptRunsFromItsGrant() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").within(5)).after(250).claim("a");
    assertThat(run.task("a").deadlineAtMs()).isEqualTo(RunScript.START_MS + 250 + 5_000);
    assertThat(run.start("a").task("a").deadlineAtMs()).isEqualTo(RunScript.START_MS + 250 + 5_000);
  }

  @Test
  void anAttemptOutOfTimeIsFollowedByAnotherAfterADelay() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").within(5)).claim("a").timeOut("a");
    assertThat(run.topics())
        .containsExactly("input.task_deadline_due", "task.timed_out", "task.retry.scheduled");
    assertThat(run.last().effects()).hasOnlyElementsOfType(Effect.EndLease.class).hasSize(1);
    TaskState task = run.task("a");
    assertThat(task.status()).isEqualTo(TaskStatus.QUEUED);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.deadlineAtMs()).isNull();
    assertThat(task.retryDueAtMs()).isGreaterThan(run.nowMs());
    assertThat(task.history())
        .extracting(AttemptRecord::reasonCode)
        .containsExactly(KernelReasonCodes.TRANSIENT_TIMEOUT);
  }

  @Test
  void theLastAttemptOutOfTimeIsADeadLetter() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").within(5));
    run.claim("a").timeOut("a").retryDue("a");
    run.claim("a").start("a").timeOut("a").retryDue("a");
    run.claim("a").start("a").timeOut("a");
    assertThat(run.topics()).contains("task.timed_out", "task.dead_lettered", "run.completed");
    assertThat(run.task("a").reasonCode()).isEqualTo(KernelReasonCodes.RETRY_BUDGET_EXHAUSTED);
    assertThat(run.task("a").history()).hasSize(3);
  }

  @Test
  void aTimerOfAnAttemptThatIsOverChangesNothing() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").within(5)).claim("a");
    TaskState first = run.task("a");
    run.timeOut("a").retryDue("a").claim("a");
    RunState before = run.state();
    run.after(60_000)
        .play(new Input.TaskDeadlineDue(first.attemptId(), first.fence()), RunScript.SYSTEM);
    assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
    assertThat(run.state()).isSameAs(before);
  }

  @Test
  void aTimerThatIsTooEarlyOrOfATaskWithoutALimitChangesNothing() {
    RunScript limited = RunScript.ofWorkQueue(1, task("a").within(5)).claim("a").after(3_999);
    RunScript unlimited = RunScript.ofWorkQueue(1, task("a")).claim("a").after(10_000);
    for (RunScript run : new RunScript[] {limited, unlimited}) {
      TaskState task = run.task("a");
      run.play(new Input.TaskDeadlineDue(task.attemptId(), task.fence()), RunScript.SYSTEM);
      assertThat(run.last().decision()).isEqualTo(new Decision.Ignored());
    }
  }
}
