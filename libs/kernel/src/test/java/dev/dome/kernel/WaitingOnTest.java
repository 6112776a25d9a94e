package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.id.LimitName;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WaitingOnTest {

  @Test
  void aReadyTaskWaitsForAWorkerOfItsQueue() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").in("gpu"));
    WaitingOn waiting = WaitingOn.of(run.state(), Set.of()).orElseThrow();
    assertThat(waiting.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_WORKER);
    assertThat(waiting.blockingTask().value()).isEqualTo("a");
    assertThat(waiting.queue().value()).isEqualTo("gpu");
    assertThat(waiting.sinceMs()).isEqualTo(RunScript.START_MS);
  }

  @Test
  void aReadyTaskWhosePermitSomebodyHoldsWaitsForIt() {
    RunScript run =
        RunScript.ofWorkQueue(3, task("a").oneAtATime("db"), task("b").oneAtATime("disk"));
    WaitingOn waiting = WaitingOn.of(run.state(), full("key:db", "key:disk")).orElseThrow();
    assertThat(waiting.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_CONCURRENCY_LIMIT);
    assertThat(waiting.blockingTask().value()).isEqualTo("a");
    assertThat(waiting.limit()).isEqualTo("key:db");

    WaitingOn free = WaitingOn.of(run.state(), full("key:db", "queue:gpu")).orElseThrow();
    assertThat(free.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_WORKER);
    assertThat(free.blockingTask().value()).isEqualTo("b");
  }

  private static Set<WaitingOn.Exhausted> full(String... limits) {
    return Arrays.stream(limits)
        .map(limit -> new WaitingOn.Exhausted(new LimitName(limit), null))
        .collect(Collectors.toSet());
  }

  @Test
  void aReadyTaskOfAFullQueueOrAnExhaustedRateSaysWhichAndUntilWhen() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").in("gpu").paced("api"));

    WaitingOn queue = WaitingOn.of(run.state(), full("queue:gpu")).orElseThrow();
    assertThat(queue.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_QUEUE_LIMIT);
    assertThat(queue.limit()).isEqualTo("queue:gpu");

    LimitName api = new LimitName("rate:api");
    WaitingOn rate =
        WaitingOn.of(run.state(), Set.of(new WaitingOn.Exhausted(api, 7L))).orElseThrow();
    assertThat(rate.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_RATE_LIMIT);
    assertThat(rate.untilMs()).isEqualTo(7);
    assertThat(rate.limit()).isEqualTo(api.value());
  }

  @Test
  void aLeasedTaskIsWaitedForSinceItsClaim() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).after(700).claim("a");
    WaitingOn waiting = WaitingOn.of(run.state(), Set.of()).orElseThrow();
    assertThat(waiting.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_RESULT);
    assertThat(waiting.sinceMs()).isEqualTo(run.nowMs());
  }

  @Test
  void aReadyTaskWithoutRoomWaitsForTheWorkerLimit() {
    RunScript run = RunScript.ofWorkQueue(1, task("a"), task("b")).claim("a");
    WaitingOn waiting = WaitingOn.of(run.state(), Set.of()).orElseThrow();
    assertThat(waiting.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_WORKER_LIMIT);
    assertThat(waiting.limit()).isEqualTo(WaitingOn.MAX_WORKERS);
    assertThat(waiting.blockingTask().value()).isEqualTo("a");
  }

  @Test
  void aRetryDelayEndsByItself() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).claim("a").fail("a", "TRANSIENT.TIMEOUT");
    WaitingOn waiting = WaitingOn.of(run.state(), Set.of()).orElseThrow();
    assertThat(waiting.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_RETRY_DELAY);
    assertThat(waiting.untilMs()).isEqualTo(run.task("a").retryDueAtMs());
  }

  @Test
  void aPausedRunWaitsForItsResumeOnceNothingIsLeased() {
    RunScript run = RunScript.ofWorkQueue(1, task("a"), task("b", "a")).claim("a").pause();
    assertThat(WaitingOn.of(run.state(), Set.of()).orElseThrow().reasonCode())
        .isEqualTo(KernelReasonCodes.WAITING_RESULT);
    run.pass("a");
    assertThat(WaitingOn.of(run.state(), Set.of()).orElseThrow().reasonCode())
        .isEqualTo(KernelReasonCodes.WAITING_PAUSED);
  }

  @Test
  void aRiskyRunWaitsForApprovalAndAFinalOneForNothing() {
    RunScript run = RunScript.ofWorkQueue(1, task("a")).claim("a");
    run.report("a", RunScript.result("a", ResultStatus.PASS, null, 90, null));
    WaitingOn waiting = WaitingOn.of(run.state(), Set.of()).orElseThrow();
    assertThat(waiting.reasonCode()).isEqualTo(KernelReasonCodes.WAITING_APPROVAL);
    assertThat(waiting.untilMs()).isEqualTo(run.state().deadlineAtMs());
    run.cancel();
    assertThat(WaitingOn.of(run.state(), Set.of())).isEmpty();
  }

  @Test
  void aPausedQueueOutlastsABreakerThatEndsByItselfAndNamesWhoPausedIt() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").guardedBy("host:x").in("gpu"));
    run.breaker(Histories.snapshot("key:host:x", 1, BreakerPhase.OPEN, 5_000));
    run.breaker(Histories.paused("queue:gpu", 1, 2_000));
    WaitingOn waiting = WaitingOn.of(run.state(), Set.of()).orElseThrow();
    assertThat(waiting.reasonCode()).isEqualTo(KernelReasonCodes.BREAKER_PAUSED);
    assertThat(waiting.breaker().value()).isEqualTo("queue:gpu");
    assertThat(waiting.sinceMs()).isEqualTo(RunScript.START_MS + 2_000);
    assertThat(waiting.untilMs()).isNull();
    assertThat(waiting.paused().actor()).isEqualTo("ops");
  }
}
