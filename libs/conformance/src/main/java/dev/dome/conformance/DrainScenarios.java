package dev.dome.conformance;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** How a worker leaves. */
final class DrainScenarios {
  /** How long a claim is held after the signal that its worker got. */
  private static final Duration HELD = Duration.ofMillis(1_500);

  private static final String DRAIN = "DRAIN";

  private DrainScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "drain-by-heartbeat",
            "DRAIN in the answer to a heartbeat: finishes the work, claims nothing more, exits 0.",
            DrainScenarios::byHeartbeat),
        new Scenario(
            "drain-by-claim",
            "DRAIN beside the tasks of a claim: works or releases them, claims nothing more,"
                + " exits 0.",
            DrainScenarios::byClaim),
        new Scenario(
            "drain-while-idle",
            "DRAIN in the answer to a claim that found nothing: exits 0.",
            DrainScenarios::whileIdle),
        new Scenario(
            "sigterm-while-working",
            "SIGTERM: what runs is finished and reported, what did not begin is released, exit 0.",
            DrainScenarios::terminatedAtWork),
        new Scenario(
            "sigterm-while-claiming",
            "SIGTERM while the server holds a claim: what that claim is granted is released,"
                + " exit 0.",
            DrainScenarios::terminatedInClaim));
  }

  private static void byHeartbeat(Stage stage) {
    Task task = Task.sleep(1, 4_000);
    stage.script().termMs(9_000).direct(Kind.HEARTBEAT, DRAIN);
    stage.start(task);
    stage.await("a heartbeat", () -> !stage.requests(Kind.HEARTBEAT, task).isEmpty());
    stage.script().ready(Task.echo(2));
    expectFinished(stage, task);
    stage.expect(stage.results(Task.echo(2)).isEmpty(), "no task that was claimed after DRAIN");
  }

  private static void byClaim(Stage stage) {
    Task task = Task.echo(1);
    stage.script().direct(Kind.CLAIM, DRAIN);
    stage.start(task);
    stage.await(
        "a result or release of the task",
        () -> !stage.results(task).isEmpty() || !stage.requests(Kind.RELEASE, task).isEmpty());
    stage.expectExit();
    stage.expectEqual(1, stage.requests(Kind.CLAIM).size(), "claims");
    stage.expect(
        stage.results(task).stream().noneMatch(result -> result.body().has("claim_next")),
        "no claim_next after DRAIN");
  }

  private static void whileIdle(Stage stage) {
    stage.start();
    stage.await("a claim", () -> !stage.requests(Kind.CLAIM).isEmpty());
    stage.script().direct(Kind.CLAIM, DRAIN);
    stage.expectExit();
  }

  private static void terminatedAtWork(Stage stage) {
    Task[] tasks =
        IntStream.rangeClosed(1, 100)
            .mapToObj(number -> Task.sleep(number, 4_500))
            .toArray(Task[]::new);
    stage.script().termMs(9_000);
    stage.start(tasks);
    stage.await("a heartbeat", () -> !stage.requests(Kind.HEARTBEAT, tasks[0]).isEmpty());
    stage.terminate();
    expectFinished(stage, tasks[0]);
    int granted = stage.script().granted();
    for (int i = 1; i < granted; i++) {
      stage.expect(
          !stage.requests(Kind.RELEASE, tasks[i]).isEmpty() || !stage.results(tasks[i]).isEmpty(),
          "a release or result of granted task " + tasks[i].number());
    }
  }

  /** The grant shows after the signal only: to the claim that is held, or to its repeat. */
  private static void terminatedInClaim(Stage stage) {
    Task late = Task.sleep(1, 60_000);
    stage.start();
    stage.await("a claim", stage.script()::isAsked);
    stage.script().grantUnseen(late);
    stage.terminate();
    stage.giveTime(HELD, () -> stage.requests(Kind.CLAIM).size() > 1);
    stage.script().answerHeld();
    stage.expectExit();
    stage.expect(!stage.requests(Kind.RELEASE, late).isEmpty(), "the late grant released");
    stage.expect(stage.results(late).isEmpty(), "no work on what was granted after SIGTERM");
  }

  private static void expectFinished(Stage stage, Task task) {
    stage.await("a result", () -> !stage.results(task).isEmpty());
    stage.expectExit();
    stage.expectEqual(
        "PASS", stage.results(task).getFirst().body().path("status").asText(), "status");
    stage.expect(!stage.results(task).getFirst().body().has("claim_next"), "no claim_next");
  }
}
