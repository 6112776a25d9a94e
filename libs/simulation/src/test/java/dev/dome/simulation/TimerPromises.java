package dev.dome.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.statecontroller.application.Follower;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The timers that a lane's rows promise, told from the rows alone and apart from the code that sets
 * them: what the scheduler has must be just these, as far as its cursor has come.
 */
final class TimerPromises {
  private final Follower.World world;
  private final MemoryTimerStore store;
  private final Map<Lane, Long> seen = new TreeMap<>();
  private final Map<Lane, Map<String, Promise>> promised = new TreeMap<>();

  private record Promise(String runUid, String attemptId) {}

  TimerPromises(Follower.World world, MemoryTimerStore store) {
    this.world = world;
    this.store = store;
  }

  void check(Lane lane) {
    long from = seen.getOrDefault(lane, 0L);
    long to = store.cursor(lane);
    if (from == to) {
      return;
    }
    Map<String, Promise> open = promised.computeIfAbsent(lane, k -> new TreeMap<>());
    world.owned(lane, from, (int) (to - from)).forEach(row -> follow(row, open));
    seen.put(lane, to);
    Set<String> set = store.timers(lane);
    world
        .violations()
        .require(
            set.equals(open.keySet()),
            "rows of lane "
                + lane
                + " promise the timers "
                + open.keySet()
                + " but set are "
                + set);
  }

  private static void follow(JournalRow row, Map<String, Promise> open) {
    if (row.kind() != JournalEntry.Kind.EVENT) {
      return;
    }
    JsonNode payload = row.envelope().payload();
    String attempt = payload.path("attempt_id").asText();
    Promise promise = new Promise(row.runUid().value(), null);
    String name = row.runUid() + "-" + row.envelope().sequence();
    switch (row.envelope().topic()) {
      case "task.retry.scheduled" -> open.put(name, promise);
      case "task.claimed" -> {
        if (payload.hasNonNull("deadline_at_ms")) {
          open.put(name, new Promise(promise.runUid(), attempt));
        }
      }
      case "plan.wave.created" -> {
        if (payload.hasNonNull("deadline_at_ms")) {
          open.put(name, promise);
        }
      }
      case "promotion.decision" -> {
        if (payload.hasNonNull("approval_due_at_ms")) {
          open.put(name, promise);
        }
      }
      case "task.result.raw", "task.lease.expired", "task.timed_out" ->
          open.values().removeIf(one -> attempt.equals(one.attemptId()));
      case "run.completed" -> open.values().removeIf(one -> one.runUid().equals(promise.runUid()));
      default -> {
        // Nothing about timers.
      }
    }
  }
}
