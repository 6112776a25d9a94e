package dev.dome.verification.invariant;

import static dev.dome.verification.invariant.ObservedRun.payload;

import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold of one run, checked on its journal and on how the run is shown. */
public final class RunInvariants {
  private final ObservedRun run;
  private final List<Violation> violations = new ArrayList<>();

  private RunInvariants(ObservedRun run) {
    this.run = run;
  }

  /** The invariants that {@link #check} looks at, whatever it finds. */
  public static Set<Invariant> covered() {
    return EnumSet.of(
        Invariant.GAPLESS_SEQUENCE,
        Invariant.LEGAL_TRANSITIONS,
        Invariant.ONE_EFFECT_PER_KEY,
        Invariant.STATE_IS_FOLDED,
        Invariant.RETRIES_IN_BOUNDS,
        Invariant.TIMERS_FIRE_ONCE,
        Invariant.UNBROKEN_CHAINS,
        Invariant.NAMESPACES_APART,
        Invariant.FINAL_OR_EXPLAINED);
  }

  /** Everything wrong with the run; empty when all of {@link #covered()} hold. */
  public static List<Violation> check(ObservedRun run) {
    RunInvariants checks = new RunInvariants(run);
    checks.sequence();
    checks.place();
    checks.effects();
    checks.explained();
    checks.violations.addAll(TaskPaths.check(run));
    checks.violations.addAll(RetryBounds.check(run));
    checks.violations.addAll(TimerInvariants.check(run).violations());
    checks.violations.addAll(DeadLetterInvariants.rows(run));
    checks.violations.addAll(Refolding.check(run));
    return List.copyOf(checks.violations);
  }

  private void sequence() {
    long expected = 1;
    for (PublishedRow row : run.rows()) {
      if (row.envelope().sequence() != expected) {
        found(
            Invariant.GAPLESS_SEQUENCE,
            "expected sequence " + expected + " but was " + row.envelope().sequence());
        return;
      }
      expected++;
    }
  }

  private void place() {
    PublishedRow first = run.rows().getFirst();
    for (PublishedRow row : run.rows()) {
      boolean here =
          row.namespace().equals(run.namespace())
              && row.envelope().runId().equals(run.runId())
              && row.runUid().equals(first.runUid())
              && row.lane().equals(first.lane());
      if (!here) {
        found(
            Invariant.NAMESPACES_APART,
            "row "
                + row.envelope().sequence()
                + " belongs to "
                + row.namespace()
                + "/"
                + row.envelope().runId());
      }
    }
  }

  private void effects() {
    Set<String> seen = new HashSet<>();
    for (PublishedRow row : run.rows()) {
      once(seen, "event " + row.envelope().eventId());
      if (row.kind() == PublishedRow.Kind.EVENT) {
        effectKey(row, seen);
      }
    }
  }

  private void effectKey(PublishedRow row, Set<String> seen) {
    String task = ObservedRun.task(row).orElse("");
    switch (row.envelope().topic()) {
      case "task.claimed" -> {
        once(seen, "attempt " + payload(row).path("attempt_id").asText());
        once(seen, "fence " + payload(row).path("fence").asLong());
      }
      case "task.result.raw" ->
          once(seen, "report of attempt " + payload(row).path("attempt_id").asText());
      case "task.result" -> once(seen, "settlement of task " + task);
      case "task.dead_lettered" -> once(seen, "dead letter of task " + task);
      case "task.retry.scheduled" ->
          once(seen, "retry of task " + task + " as attempt " + payload(row).path("attempt"));
      case "gate.verdict", "approval.recorded", "run.completed", "plan.wave.created" ->
          once(seen, row.envelope().topic());
      default -> {
        // Topics that may come more than once in a run.
      }
    }
  }

  private void once(Set<String> seen, String key) {
    if (!seen.add(key)) {
      found(Invariant.ONE_EFFECT_PER_KEY, "twice: " + key);
    }
  }

  private void explained() {
    run.shown()
        .filter(shown -> !shown.isFinal() && shown.waitingOn().isEmpty())
        .ifPresent(
            shown -> found(Invariant.FINAL_OR_EXPLAINED, "open, and names nothing it waits on"));
  }

  private void found(Invariant invariant, String detail) {
    violations.add(new Violation(invariant, run.subject(), detail));
  }
}
