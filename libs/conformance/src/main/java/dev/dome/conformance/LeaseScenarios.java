package dev.dome.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How a lease is kept, and what its loss means. */
final class LeaseScenarios {
  private static final long TERM_MS = 9_000;

  /** What a busy machine may add to most intervals. */
  private static final long SLACK_MS = 1_000;

  private static final long FOREVER_MS = 120_000;

  private LeaseScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "heartbeats-in-time",
            "While a handler runs, its lease is renewed at no more than a third of its term.",
            LeaseScenarios::beats),
        new Scenario(
            "lease-lost-cancels",
            "A fenced heartbeat (409) stops the handler; no result is sent.",
            LeaseScenarios::fenced),
        new Scenario(
            "lease-expired-cancels",
            "A lease that cannot be renewed in time counts as lost.",
            LeaseScenarios::expired),
        new Scenario(
            "cancel-directive",
            "The CANCEL directive stops the handler; no result is sent.",
            LeaseScenarios::cancelled));
  }

  private static void beats(Stage stage) {
    Task task = Task.sleep(1, TERM_MS + TERM_MS / 3);
    stage.script().termMs(TERM_MS);
    stage.start(task);
    stage.resultOf(task);
    List<Request> beats = stage.requests(Kind.HEARTBEAT, task);
    stage.expect(beats.size() >= 3, "three heartbeats or more but there were " + beats.size());
    stage.expect(
        Stage.msBetween(stage.requests(Kind.CLAIM).getFirst(), beats.getFirst()) < TERM_MS,
        "the first heartbeat within the term");
    List<Long> gapsMs = new ArrayList<>();
    for (int i = 1; i < beats.size(); i++) {
      gapsMs.add(Stage.msBetween(beats.get(i - 1), beats.get(i)));
    }
    Collections.sort(gapsMs);
    stage.expect(
        gapsMs.get((gapsMs.size() - 1) / 2) <= TERM_MS / 3 + SLACK_MS,
        "a heartbeat every %d ms of a term of %d ms; the intervals were %s"
            .formatted(TERM_MS / 3, TERM_MS, gapsMs));
  }

  private static void fenced(Stage stage) {
    stage.script().faults(Kind.HEARTBEAT, new Fault.Refused(409, "ATTEMPT.FENCED", 0));
    stopsTheHandler(stage);
  }

  private static void expired(Stage stage) {
    stage.script().always(Kind.HEARTBEAT, new Fault.LostAnswer());
    stopsTheHandler(stage);
  }

  private static void cancelled(Stage stage) {
    stage.script().direct(Kind.HEARTBEAT, "CANCEL");
    stopsTheHandler(stage);
  }

  /** The worker has one place, so work on the next task shows that the first was stopped. */
  private static void stopsTheHandler(Stage stage) {
    Task endless = Task.sleep(1, FOREVER_MS);
    Task next = Task.echo(2);
    stage.script().termMs(3_000);
    stage.start(endless);
    stage.await("a heartbeat", () -> !stage.requests(Kind.HEARTBEAT, endless).isEmpty());
    stage.script().ready(next);
    stage.resultOf(next);
    stage.watch(
        Duration.ofMillis(500),
        "no result of the stopped task",
        () -> stage.results(endless).isEmpty());
  }
}
