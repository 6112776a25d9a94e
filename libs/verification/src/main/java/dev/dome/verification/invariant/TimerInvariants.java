package dev.dome.verification.invariant;

import static dev.dome.verification.invariant.ObservedRun.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every timer that took effect was promised by a row before it, came once, and not before it was
 * due: delays before a retry, time limits of attempts, of runs and of approvals.
 */
public final class TimerInvariants {
  /** How much earlier than promised the controller's clock may see a timer of another machine. */
  private static final long CLOCK_TOLERANCE_MS = 1_000;

  private final ObservedRun run;
  private final Map<String, Long> dueAtMs = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private final List<Long> latenessMs = new ArrayList<>();

  /**
   * What came of a check.
   *
   * @param latenessMs of each timer that fired after it was due, in milliseconds of the
   *     controller's clock
   */
  public record Fired(List<Violation> violations, List<Long> latenessMs) {}

  private TimerInvariants(ObservedRun run) {
    this.run = run;
  }

  /** Everything wrong with the timers of a run. */
  public static Fired check(ObservedRun run) {
    TimerInvariants timers = new TimerInvariants(run);
    run.rows().forEach(timers::follow);
    return new Fired(List.copyOf(timers.violations), List.copyOf(timers.latenessMs));
  }

  private void follow(PublishedRow row) {
    JsonNode payload = payload(row);
    JsonNode input = payload.path("input");
    switch (row.envelope().topic()) {
      case "task.retry.scheduled" -> promise(retry(payload), payload.path("due_at_ms"));
      case "task.claimed" -> promise(attempt(payload), payload.path("deadline_at_ms"));
      case "plan.wave.created" -> promise("the run's deadline", payload.path("deadline_at_ms"));
      case "promotion.decision" -> {
        if (payload.hasNonNull("approval_due_at_ms")) {
          dueAtMs.remove("the run's deadline");
          promise("the run's deadline", payload.path("approval_due_at_ms"));
        }
      }
      case "input.retry_due" -> fired(row, retry(input));
      case "input.task_deadline_due" -> fired(row, attempt(input));
      case "input.run_deadline_due" -> fired(row, "the run's deadline");
      default -> {
        // Nothing about timers.
      }
    }
  }

  private static String retry(JsonNode names) {
    return "retry " + names.path("task_id").asText() + ":" + names.path("attempt").asInt();
  }

  private static String attempt(JsonNode names) {
    return "limit of attempt " + names.path("attempt_id").asText();
  }

  private void promise(String timer, JsonNode due) {
    if (due.isIntegralNumber()) {
      dueAtMs.put(timer, due.asLong());
    }
  }

  private void fired(PublishedRow row, String timer) {
    Long due = dueAtMs.remove(timer);
    long observedMs = payload(row).path("context").path("observed_at_ms").asLong();
    if (due == null) {
      found(row, "nothing promised it, or it fired before: " + timer);
    } else if (observedMs < due - CLOCK_TOLERANCE_MS) {
      found(row, "early by " + (due - observedMs) + " ms: " + timer);
    } else {
      latenessMs.add(Math.max(0, observedMs - due));
    }
  }

  private void found(PublishedRow row, String detail) {
    violations.add(
        new Violation(
            Invariant.TIMERS_FIRE_ONCE,
            run.subject(),
            "row " + row.envelope().sequence() + ": " + detail));
  }
}
