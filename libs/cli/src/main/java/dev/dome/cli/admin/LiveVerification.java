package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeException;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.invariant.DeadLetterInvariants;
import dev.dome.verification.invariant.Invariant;
import dev.dome.verification.invariant.InvariantReport;
import dev.dome.verification.invariant.LaneInvariants;
import dev.dome.verification.invariant.ObservedRun;
import dev.dome.verification.invariant.RunInvariants;
import dev.dome.verification.invariant.Violation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Holds a running system against the invariants that can be seen through its API. */
public final class LiveVerification {
  /** A timer may fire this late in a system that is well. */
  private static final Duration LATEST = Duration.ofSeconds(2);

  private static final int READERS = 4;
  private static final Duration CATCH_UP = Duration.ofSeconds(10);
  private static final long LOOK_EVERY_MS = 250;

  private final LiveSystem system;
  private final List<String> planted;
  private final InvariantReport report = new InvariantReport();
  private final DeadLetterInvariants letters = new DeadLetterInvariants();

  private LiveVerification(LiveSystem system, List<String> planted) {
    this.system = system;
    this.planted = List.copyOf(planted);
  }

  /**
   * Reads and checks; nothing is changed.
   *
   * @param planted strings that must be found nowhere
   * @param progress told how many runs of how many are checked
   */
  public static InvariantReport run(
      LiveSystem system,
      List<String> runs,
      List<String> planted,
      BiConsumer<Integer, Integer> progress) {
    LiveVerification verification = new LiveVerification(system, planted);
    verification.runs(runs, progress);
    verification.lanes();
    verification.timers();
    verification.deadLetters();
    verification.unseen();
    return verification.report;
  }

  /** What was found on one run. */
  private record Checked(ObservedRun run, List<Violation> invariants, List<Violation> leaks) {}

  private void runs(List<String> runs, BiConsumer<Integer, Integer> progress) {
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      List<Future<Checked>> checks = new ArrayList<>();
      for (String runId : runs) {
        checks.add(readers.submit(() -> check(runId)));
      }
      for (int i = 0; i < checks.size(); i++) {
        Checked checked = checks.get(i).get();
        report.looked(RunInvariants.covered(), 1, checked.invariants());
        letters.collect(checked.run());
        report.looked(EnumSet.of(Invariant.NO_SECRETS), planted.isEmpty() ? 0 : 1, checked.leaks());
        progress.accept(i + 1, runs.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while checking runs", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  private Checked check(String runId) {
    ObservedRun run = system.run(runId);
    return new Checked(run, RunInvariants.check(run), leaks(run));
  }

  private List<Violation> leaks(ObservedRun run) {
    List<Violation> found = new ArrayList<>();
    for (PublishedRow row : run.rows()) {
      String text = new String(Json.write(row), StandardCharsets.UTF_8);
      for (int i = 0; i < planted.size(); i++) {
        if (text.contains(planted.get(i))) {
          String where =
              "row " + row.envelope().sequence() + " holds planted secret no. " + (i + 1);
          found.add(
              new Violation(Invariant.NO_SECRETS, run.namespace() + "/" + run.runId(), where));
        }
      }
    }
    return found;
  }

  private void lanes() {
    try {
      for (LaneInvariants.Shown before : system.lanes()) {
        List<LaneInvariants.Span> spans = system.epochs(before.lane());
        LaneInvariants.Shown after =
            system.lanes().stream()
                .filter(lane -> lane.lane() == before.lane())
                .findFirst()
                .orElse(before);
        report.looked(
            LaneInvariants.covered(), after.position(), LaneInvariants.check(after, spans));
      }
    } catch (DomeException e) {
      String why = "the lanes cannot be read: " + e.getMessage();
      LaneInvariants.covered().forEach(invariant -> report.notSeen(invariant, why));
    }
  }

  private void timers() {
    Instant oldest = Instant.now().minus(LATEST);
    List<JsonNode> pending = system.pendingTimers();
    List<Violation> late =
        pending.stream()
            .filter(timer -> Instant.parse(timer.path("due_at").asText()).isBefore(oldest))
            .map(timer ->
                new Violation(
                    Invariant.TIMERS_FIRE_ONCE,
                    timer.path("run_id").asText(),
                    timer.path("kind").asText()
                        + " was due at "
                        + timer.path("due_at").asText()
                        + " and has not fired"))
            .toList();
    report.looked(EnumSet.of(Invariant.TIMERS_FIRE_ONCE), pending.size(), late);
  }

  /**
   * retry-scheduler follows the journal a moment behind, so what is missing is looked for again.
   */
  private void deadLetters() {
    long deadline = System.nanoTime() + CATCH_UP.toNanos();
    List<Violation> found = letters.check(system.deadLetters());
    while (!found.isEmpty() && System.nanoTime() < deadline) {
      pause();
      found = letters.check(system.deadLetters());
    }
    report.looked(EnumSet.of(Invariant.DEAD_LETTERS_ONCE), letters.size(), found);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while dead letters were awaited", e);
    }
  }

  private void unseen() {
    report.notSeen(Invariant.NO_SECRETS, "no planted secrets were named");
  }
}
