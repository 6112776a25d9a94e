package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.Actor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fence is shown to whoever reads the run, so it is not what an attempt is held by. */
class ClaimerTest {
  private static final Actor OTHER = new Actor("other-worker", List.of("worker"));
  private static final TaskResult PASS = RunScript.result("a", ResultStatus.PASS, null, null, null);

  @Test
  void whoDidNotClaimAnAttemptCannotSpeakForIt() {
    RunScript run = RunScript.ofWorkQueue(1, Documents.task("a")).claimNamed("a");
    RunState before = run.state();

    for (Input said : saidOf(run.task("a"))) {
      run.play(said, OTHER);

      assertThat(run.rejection().kind()).isEqualTo(Rejection.Kind.FORBIDDEN);
      assertThat(run.rejection().reasonCode()).isEqualTo(KernelReasonCodes.ATTEMPT_NOT_CLAIMER);
      assertThat(run.last().entries()).isEmpty();
      assertThat(run.state()).isSameAs(before);
    }
    run.start("a").pass("a");
    assertThat(run.last().decision()).isInstanceOf(Decision.Accepted.class);
  }

  private static List<Input> saidOf(TaskState task) {
    return List.of(
        new Input.StartTask(task.attemptId(), task.fence()),
        new Input.ReportResult(task.attemptId(), task.fence(), PASS),
        new Input.ReleaseTask(
            task.attemptId(), task.fence(), new ReasonCode("TRANSIENT.WORKER_SHUTDOWN")));
  }

  @Test
  void aClaimFromBeforeClaimersWereRecordedIsHeldByItsFence() {
    RunScript run = RunScript.ofWorkQueue(1, Documents.task("a")).claim("a");
    TaskState task = run.task("a");

    run.play(new Input.ReportResult(task.attemptId(), task.fence(), PASS), OTHER);

    assertThat(run.last().decision()).isInstanceOf(Decision.Accepted.class);
  }
}
