package dev.dome.verification.invariant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Dead letters against the journals of the runs that left them: each once, with every attempt.
 * Collects run by run, for the letters are listed apart from the runs. Not safe for use by several
 * threads.
 */
public final class DeadLetterInvariants {
  private final Set<RunUid> runs = new HashSet<>();
  private final Map<String, Left> left = new HashMap<>();

  /** What a journal says of a dead letter. */
  private record Left(String subject, int attempts) {}

  /**
   * A dead letter as its owner lists it.
   *
   * @param id run uid and sequence of its row, joined by a hyphen
   * @param attempts how many its history holds
   */
  public record Shown(String id, RunUid runUid, int attempts) {}

  /** Takes in what a run's journal says. */
  public void collect(ObservedRun run) {
    runs.add(run.rows().getFirst().runUid());
    run.events("task.dead_lettered").forEach(row -> left.put(id(row), left(run, row)));
  }

  private static String id(PublishedRow row) {
    return row.runUid() + "-" + row.envelope().sequence();
  }

  private static Left left(ObservedRun run, PublishedRow row) {
    return new Left(
        run.subject() + " task " + ObservedRun.task(row).orElse(""),
        ObservedRun.payload(row).path("attempt_history").size());
  }

  /** What a journal alone shows: a task is given up with a reason and all its attempts. */
  static List<Violation> rows(ObservedRun run) {
    List<Violation> violations = new ArrayList<>();
    Map<String, Integer> attempts = new HashMap<>();
    for (PublishedRow row : run.rows()) {
      String task = ObservedRun.task(row).orElse("");
      switch (row.envelope().topic()) {
        case "task.claimed" -> attempts.put(task, ObservedRun.payload(row).path("attempt").asInt());
        case "task.dead_lettered" -> {
          JsonNode history = ObservedRun.payload(row).path("attempt_history");
          int made = attempts.getOrDefault(task, 0);
          if (ObservedRun.payload(row).path("reason_code").asText("").isEmpty()) {
            violations.add(found(run.subject(), "task " + task + " was given up without a reason"));
          }
          if (history.size() != made) {
            violations.add(
                found(
                    run.subject(),
                    "task "
                        + task
                        + " made "
                        + made
                        + " attempts but its dead letter tells of "
                        + history.size()));
          }
        }
        default -> {
          // Nothing about dead letters.
        }
      }
    }
    return violations;
  }

  /** How many dead letters the collected runs left. */
  public int size() {
    return left.size();
  }

  /**
   * Everything wrong with the letters of the collected runs; letters of other runs are passed by.
   */
  public List<Violation> check(List<Shown> letters) {
    List<Violation> violations = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Shown letter : letters) {
      Left expected = left.get(letter.id());
      if (!seen.add(letter.id())) {
        violations.add(found(letter.id(), "listed twice"));
      } else if (expected == null && runs.contains(letter.runUid())) {
        violations.add(found(letter.id(), "no journal row left it"));
      } else if (expected != null && expected.attempts() != letter.attempts()) {
        violations.add(
            found(
                expected.subject(),
                "expected a history of "
                    + expected.attempts()
                    + " attempts but was "
                    + letter.attempts()));
      }
    }
    left.forEach((id, expected) -> {
      if (!seen.contains(id)) {
        violations.add(found(expected.subject(), "given up, but its dead letter is missing"));
      }
    });
    return violations;
  }

  private static Violation found(String subject, String detail) {
    return new Violation(Invariant.DEAD_LETTERS_ONCE, subject, detail);
  }
}
