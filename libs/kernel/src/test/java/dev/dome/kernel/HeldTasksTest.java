package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;
import static dev.dome.kernel.Histories.QUEUE;
import static dev.dome.kernel.Histories.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.TaskId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What breakers do to the tasks they guard. */
class HeldTasksTest {
  private static final BreakerSnapshot OPEN =
      snapshot("queue:default", 1, BreakerPhase.OPEN, 1_000);
  private static final BreakerSnapshot HALF_OPEN =
      snapshot("queue:default", 2, BreakerPhase.HALF_OPEN, 31_000);
  private static final BreakerSnapshot CLOSED =
      snapshot("queue:default", 3, BreakerPhase.CLOSED, 32_000);

  @Test
  void anOpenBreakerHoldsTheTasksOfItsQueueAndNoOthers() {
    RunScript run = RunScript.ofWorkQueue(3, task("a"), task("b").in("gpu"));
    run.breaker(OPEN);
    assertThat(run.topics()).containsExactly("input.breaker_changed", "run.breaker.changed");
    assertThat(ready(run)).containsExactly("b");
    run.claim("a");
    assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.TASK_NOT_DISPATCHABLE);
  }

  @Test
  void aKeyHoldsTheTasksThatNameItInWhateverQueue() {
    RunScript run = RunScript.ofWorkQueue(3, task("a").guardedBy("host:x").in("gpu"), task("b"));
    run.breaker(snapshot("key:host:x", 1, BreakerPhase.OPEN, 0));
    assertThat(ready(run)).containsExactly("b");
  }

  @Test
  void aRunSubmittedWhileABreakerIsOpenKnowsThoseOfItsTasks() {
    BreakerSnapshot other = snapshot("queue:gpu", 8, BreakerPhase.OPEN, 0);
    RunScript run = RunScript.ofWorkQueueMeeting(List.of(OPEN, other), 2, task("a"));
    assertThat(run.state().breakers()).containsExactly(OPEN);
    assertThat(ready(run)).isEmpty();
  }

  @Test
  void aRetryThatComesDueWhileTheBreakerIsOpenIsHeld() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).claim("a").fail("a", "TRANSIENT.NETWORK");
    run.breaker(OPEN).retryDue("a");
    assertThat(run.task("a").assigned()).isTrue();
    assertThat(ready(run)).isEmpty();
    assertThat(run.breaker(HALF_OPEN).breaker(CLOSED).state().breakers()).isNull();
    assertThat(ready(run)).containsExactly("a");
  }

  @Test
  void aHeldTaskNamesTheBreakerSinceWhenAndUntilWhen() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).after(1_500).breaker(OPEN);
    WaitingOn waiting = WaitingOn.of(run.state(), Set.of()).orElseThrow();
    assertThat(waiting)
        .isEqualTo(
            new WaitingOn(
                KernelReasonCodes.BREAKER_OPEN,
                new TaskId("a"),
                new QueueName("default"),
                OPEN.sinceMs(),
                OPEN.untilMs(),
                QUEUE,
                null));
  }

  @Test
  void whatAWorkerDoesIsNamedOnlyWhenNothingIsHeld() {
    RunScript run = RunScript.ofWorkQueue(1, task("a"), task("b")).claim("a").breaker(OPEN);
    assertThat(WaitingOn.of(run.state(), Set.of()).orElseThrow().reasonCode())
        .isEqualTo(KernelReasonCodes.WAITING_WORKER_LIMIT);
    RunScript wide = RunScript.ofWorkQueue(2, task("a"), task("b")).claim("a").breaker(OPEN);
    assertThat(WaitingOn.of(wide.state(), Set.of()).orElseThrow().blockingTask().value())
        .isEqualTo("b");
  }

  @Test
  void aHalfOpenBreakerLetsThroughWhoHasAPermitToProbe() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).breaker(OPEN).breaker(HALF_OPEN);
    assertThat(WaitingOn.of(run.state(), Set.of()).orElseThrow().reasonCode())
        .isEqualTo(KernelReasonCodes.BREAKER_HALF_OPEN);
    run.claim("a");
    assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.TASK_NOT_DISPATCHABLE);
    run.claimProbing("a", new BreakerKey("queue:gpu"));
    assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.TASK_NOT_DISPATCHABLE);
    run.claimProbing("a", QUEUE);
    assertThat(run.task("a").probes()).containsExactly(new BreakerProbe(QUEUE, 2));
    run.pass("a");
    assertThat(run.task("a").probes()).isNull();
    Event.TaskResultRaw reported =
        run.events().stream()
            .filter(Event.TaskResultRaw.class::isInstance)
            .map(Event.TaskResultRaw.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(reported.probes()).containsExactly(new BreakerProbe(QUEUE, 2));
  }

  @Test
  void anAttemptThatBeganWhileTheBreakerWasClosedIsNoProbe() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).claim("a").breaker(OPEN).breaker(HALF_OPEN);
    assertThat(run.start("a").task("a").probes()).isNull();
  }

  @Test
  void whatTheRunKnowsOrDoesNotNeedIsIgnored() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).breaker(HALF_OPEN);
    run.breaker(OPEN);
    assertThat(run.last().decision()).isInstanceOf(Decision.Ignored.class);
    run.breaker(snapshot("queue:gpu", 1, BreakerPhase.OPEN, 0));
    assertThat(run.last().decision()).isInstanceOf(Decision.Ignored.class);
    run.breaker(CLOSED).breaker(CLOSED);
    assertThat(run.last().decision()).isInstanceOf(Decision.Ignored.class);
    run.claimAndPass("a").breaker(OPEN);
    assertThat(run.last().decision()).isInstanceOf(Decision.Ignored.class);
  }

  @Test
  void aRunWhoseBreakersHaveClosedHasTheHashOfOneThatNeverMetAny() {
    RunScript run = RunScript.ofWorkQueue(1, task("a"));
    RunState met = run.breaker(OPEN).breaker(HALF_OPEN).breaker(CLOSED).state();
    assertThat(met.breakers()).isNull();
    assertThat(met.tasks()).isEqualTo(RunScript.ofWorkQueue(1, task("a")).state().tasks());
  }

  private static List<String> ready(RunScript run) {
    return run.state().dispatchable().stream().map(t -> t.plan().taskId().value()).toList();
  }
}
