package dev.dome.conformance;

import java.time.Duration;
import java.util.List;

/** How a worker behaves towards a server that asks for patience, or does not let it in. */
final class PatienceScenarios {
  private static final Duration WATCHED = Duration.ofSeconds(4);
  private static final int MOST_TRIES = 5;

  /** Clocks are read on both sides of a connection. */
  private static final long TOLERANCE_MS = 50;

  private PatienceScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "claim-retry-after",
            "A claim that met 429 or 503 is not repeated before Retry-After.",
            PatienceScenarios::claimWaits),
        new Scenario(
            "result-retry-after",
            "A result that met 429 or 503 is repeated, and not before Retry-After.",
            PatienceScenarios::resultWaits),
        new Scenario(
            "unauthorized-not-hammered",
            "401 is met with patience: at most %d claims in %d s; then goes on or exits with an error."
                .formatted(MOST_TRIES, WATCHED.toSeconds()),
            PatienceScenarios::unauthorized));
  }

  private static void claimWaits(Stage stage) {
    Task task = Task.echo(1);
    stage
        .script()
        .faults(
            Kind.CLAIM,
            new Fault.Refused(429, "RATE.LIMITED", 2),
            new Fault.Refused(503, "INFRA.OVERLOADED", 1));
    stage.start(task);
    stage.resultOf(task);
    List<Request> claims = stage.requests(Kind.CLAIM);
    expectWait(stage, Stage.msBetween(claims.get(0), claims.get(1)), 2_000);
    expectWait(stage, Stage.msBetween(claims.get(1), claims.get(2)), 1_000);
  }

  private static void resultWaits(Stage stage) {
    Task task = Task.echo(1);
    stage
        .script()
        .faults(
            Kind.RESULT,
            new Fault.Refused(503, "INFRA.OVERLOADED", 2),
            new Fault.Refused(429, "RATE.LIMITED", 1));
    stage.start(task);
    stage.await("the result three times", () -> stage.results(task).size() >= 3);
    List<Long> times =
        stage.results(task).stream().map(result -> result.arrivedNanos() / 1_000_000).toList();
    expectWait(stage, times.get(1) - times.get(0), 2_000);
    expectWait(stage, times.get(2) - times.get(1), 1_000);
  }

  private static void expectWait(Stage stage, long waitedMs, long askedMs) {
    stage.expect(
        waitedMs >= askedMs - TOLERANCE_MS,
        "a wait of %d ms but it came after %d ms".formatted(askedMs, waitedMs));
  }

  private static void unauthorized(Stage stage) {
    Task task = Task.echo(1);
    stage.script().always(Kind.CLAIM, new Fault.Refused(401, "AUTH.BAD_TOKEN", 0));
    stage.start(task);
    stage.await("a claim", () -> !stage.requests(Kind.CLAIM).isEmpty());
    stage.watch(
        WATCHED,
        "at most %d claims in %d s".formatted(MOST_TRIES, WATCHED.toSeconds()),
        () -> stage.requests(Kind.CLAIM).size() <= MOST_TRIES);
    stage.script().always(Kind.CLAIM, null);
    if (stage.isWorking()) {
      stage.resultOf(task);
    } else {
      stage.expectFailureExit();
    }
  }
}
