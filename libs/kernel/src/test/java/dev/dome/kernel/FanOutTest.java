package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Plans that are wide: many tasks at once, and one that joins them. */
class FanOutTest {
  private static final int WIDTH = 3_000;

  /** What a step costs may rise with the width, but the whole run must stay a matter of seconds. */
  @Test
  void aJoinWaitsForEveryTaskOfAWidePlan() {
    String[] ids = IntStream.range(0, WIDTH).mapToObj(i -> "t" + i).toArray(String[]::new);
    Documents.Task[] tasks = new Documents.Task[WIDTH + 1];
    IntStream.range(0, WIDTH).forEach(i -> tasks[i] = task(ids[i]));
    tasks[WIDTH] = task("join", ids);

    long startNanos = System.nanoTime();
    RunScript run = RunScript.ofWorkQueue(WIDTH, tasks);
    assertThat(run.state().dispatchable()).hasSize(WIDTH);
    for (String id : ids) {
      run.claimAndPass(id);
    }
    assertThat(ids(run.state().dispatchable())).containsExactly("join");
    run.claimAndPass("join");

    assertThat(run.state().status()).isEqualTo(RunStatus.PROMOTED);
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void aTaskMayBeGrantedWhenItIsDispatchableAndOnlyThen() {
    RunScript run =
        RunScript.ofWorkQueue(2, task("a"), task("b").in("gpu"), task("c", "a"), task("d"));
    checkGrants(run);
    checkGrants(run.breaker(Histories.paused("queue:gpu", 1, 0)));
    checkGrants(run.claim("a"));
    checkGrants(run.claim("d"));
    checkGrants(run.pass("a"));
    checkGrants(run.pause());
  }

  private static void checkGrants(RunScript run) {
    List<TaskState> dispatchable = run.state().dispatchable();
    for (TaskState task : run.state().tasks()) {
      assertThat(run.state().mayGrant(task.plan().taskId())).isEqualTo(dispatchable.contains(task));
      assertThat(run.state().task(task.plan().taskId())).isEqualTo(Optional.of(task));
    }
  }

  private static List<String> ids(List<TaskState> tasks) {
    return tasks.stream().map(t -> t.plan().taskId().value()).toList();
  }
}
