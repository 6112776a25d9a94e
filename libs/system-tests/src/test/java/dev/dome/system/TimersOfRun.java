package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run's journal says of its timers: which rows promised a wake-up, and which inputs were
 * one. A wake-up names what it wakes, and of a retry there is one per task and attempt, of a
 * deadline one per attempt id, so the name stands for the timer.
 *
 * @param dueMs when each is due, of retries and of deadlines that were missed
 * @param woken the inputs in the order they were applied, with the writer's time of each
 */
record TimersOfRun(Map<String, Long> dueMs, List<Woken> woken) {

  /** An input that a timer made. */
  record Woken(String name, long atMs) {}

  static TimersOfRun in(List<JournalRow> rows) {
    Map<String, Long> deadlines = new LinkedHashMap<>();
    Map<String, Long> due = new LinkedHashMap<>();
    List<Woken> woken = new ArrayList<>();
    for (JournalRow row : rows) {
      JsonNode payload = row.envelope().payload();
      boolean input = row.kind() == JournalEntry.Kind.INPUT;
      JsonNode about = input ? payload.path("input") : payload;
      switch (row.envelope().topic()) {
        case "task.retry.scheduled" -> due.put(retry(about), about.path("due_at_ms").asLong());
        case "task.claimed" ->
            deadlines.put(deadline(about), about.path("deadline_at_ms").asLong());
        case "task.timed_out" -> due.put(deadline(about), deadlines.get(deadline(about)));
        case "input.retry_due" -> woken.add(woken(retry(about), row));
        case "input.task_deadline_due" -> woken.add(woken(deadline(about), row));
        default -> {
          // Other rows neither promise nor are a wake-up.
        }
      }
    }
    return new TimersOfRun(due, woken);
  }

  private static Woken woken(String name, JournalRow row) {
    return new Woken(name, Instant.parse(row.envelope().ts()).toEpochMilli());
  }

  private static String retry(JsonNode about) {
    return "retry of " + about.path("task_id").asText() + " " + about.path("attempt").asInt();
  }

  private static String deadline(JsonNode about) {
    return "deadline of " + about.path("attempt_id").asText();
  }

  /** Every timer woke its run, once and not early. */
  void assertEachFiredOnceAndNotEarly() {
    assertThat(woken)
        .extracting(Woken::name)
        .as("timer inputs of the journal")
        .containsExactlyInAnyOrderElementsOf(dueMs.keySet());
    assertThat(woken)
        .as("no timer input before its time")
        .allSatisfy(each -> assertThat(each.atMs()).isGreaterThanOrEqualTo(dueMs.get(each.name())));
  }
}
