package dev.dome.conformance;

import dev.dome.conformance.Stage.SeenResult;
import java.util.List;

/** How work is asked for. */
final class ClaimScenarios {
  private ClaimScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "claim-and-echo",
            "Claims, runs the handler, and reports PASS under the attempt's own fence.",
            ClaimScenarios::works),
        new Scenario(
            "claim-repeated-under-its-name",
            "A claim whose answer was lost is repeated with the same claim_id; the next claim has"
                + " another.",
            ClaimScenarios::lostAnswer),
        new Scenario(
            "claim-next-worked",
            "What a result's claim_next was granted is worked without another claim.",
            ClaimScenarios::claimNext),
        new Scenario(
            "unknowns-ignored",
            "Fields and directives that no contract knows are passed over.",
            ClaimScenarios::unknowns));
  }

  private static void works(Stage stage) {
    Task first = Task.echo(1);
    Task second = Task.echo(2);
    stage.start(first, second);
    for (Task task : List.of(first, second)) {
      SeenResult result = stage.resultOf(task);
      stage.expectEqual("PASS", result.body().path("status").asText(), "status");
      stage.expectEqual(
          task.inputs().path("text").asText(), result.body().path("notes").asText(), "notes");
    }
  }

  private static void lostAnswer(Stage stage) {
    Task first = Task.echo(1);
    Task second = Task.echo(2);
    stage.script().faults(Kind.CLAIM, new Fault.LostAnswer());
    stage.start(first);
    stage.await("a repeat of the claim", () -> stage.requests(Kind.CLAIM).size() >= 2);
    List<Request> claims = stage.requests(Kind.CLAIM);
    stage.expectEqual(
        claims.getFirst().body().path("claim_id"),
        claims.get(1).body().path("claim_id"),
        "claim_id of the repeat");
    stage.resultOf(first);
    stage.script().ready(second);
    stage.resultOf(second);
    stage.expectEqual(1, stage.results(first).size(), "results of the task that was granted twice");
  }

  private static void claimNext(Stage stage) {
    Task first = Task.sleep(1, 300);
    Task second = Task.echo(2);
    stage.start(first);
    stage.await("a claim", () -> !stage.requests(Kind.CLAIM).isEmpty());
    stage.script().ready(second);
    // A task goes to whichever asks first, a claim or a claim_next, and to that one only.
    stage.resultOf(first);
    stage.resultOf(second);
  }

  private static void unknowns(Stage stage) {
    Task first = Task.sleep(1, 3_500);
    Task second = Task.echo(2);
    stage.script().termMs(9_000).unknowns();
    stage.start(first, second);
    stage.expectEqual("PASS", stage.resultOf(first).body().path("status").asText(), "status");
    stage.expect(!stage.requests(Kind.HEARTBEAT, first).isEmpty(), "heartbeats of the first task");
    stage.expectEqual("PASS", stage.resultOf(second).body().path("status").asText(), "status");
  }
}
