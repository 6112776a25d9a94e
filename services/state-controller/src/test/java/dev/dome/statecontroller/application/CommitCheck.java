package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Replay;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must hold of every commit, at once: nobody writes under an epoch that is over, positions
 * have no gap, cursors never go back, a lease runs out only when its time is over, and the real
 * kernel makes every row again from the inputs that were recorded.
 */
final class CommitCheck {
  private final MemoryStore store;
  private final SimulatedInbox.Stream inbox;
  private final Violations violations;
  private final Map<Lane, Long> positions = new TreeMap<>();
  private final Map<Lane, InboxCursor> cursors = new TreeMap<>();
  private final Map<RunUid, Replay> replays = new HashMap<>();

  CommitCheck(MemoryStore store, SimulatedInbox.Stream inbox, Violations violations) {
    this.store = store;
    this.inbox = inbox;
    this.violations = violations;
  }

  /** Looks at what a transaction has just made durable. */
  void committed(Changes changes) {
    for (Changes.JournalLine line : changes.journal()) {
      placed(line);
      replayed(line.row());
      if (line.row().kind() == JournalEntry.Kind.INPUT) {
        asked(line.row());
      }
      if (line.row().envelope().topic().equals("input.expire_lease")) {
        expired(line.row());
      }
    }
    changes.lanes().forEach(this::moved);
  }

  private void placed(Changes.JournalLine line) {
    JournalRow row = line.row();
    violations.require(
        line.epoch() == store.epochs.get(row.lane()),
        "a row of lane %s was written under epoch %d, but the epoch is %d"
            .formatted(row.lane(), line.epoch(), store.epochs.get(row.lane())));
    long expected = positions.merge(row.lane(), 1L, Long::sum);
    violations.require(
        row.lanePosition() == expected,
        "expected position %d of lane %s but was %d"
            .formatted(expected, row.lane(), row.lanePosition()));
  }

  private void replayed(JournalRow row) {
    Replay replay = replays.computeIfAbsent(row.runUid(), k -> new Replay());
    if (!replay.add(row)) {
      violations.require(false, "the kernel makes another row: " + replay.result());
    }
  }

  /** A row is about the attempt that its message is about. */
  private void asked(JournalRow row) {
    JsonNode payload = row.envelope().payload();
    InboxMessage message = inbox.message(payload.path("context").path("operation_id").asText());
    if (message != null && message.attemptId() != null) {
      String recorded = payload.path("input").path("attempt_id").asText();
      violations.require(
          message.attemptId().value().equals(recorded),
          "%s spoke of attempt %s and is recorded as of %s"
              .formatted(message.operationId(), message.attemptId(), recorded));
    }
  }

  private void expired(JournalRow row) {
    JsonNode payload = row.envelope().payload();
    Store.Lease lease =
        store.leases.get(new AttemptId(payload.path("input").path("attempt_id").asText()));
    long observedMs = payload.path("context").path("observed_at_ms").asLong();
    violations.require(
        lease.expiresAtMs() <= observedMs,
        "a lease that lasts until %d ran out at %d".formatted(lease.expiresAtMs(), observedMs));
  }

  private void moved(Changes.LaneRow row) {
    InboxCursor last = cursors.put(row.lane(), row.cursor());
    violations.require(
        last == null
            || !last.incarnation().equals(row.cursor().incarnation())
            || last.sequence() <= row.cursor().sequence(),
        "the cursor of lane %s went back from %s to %s".formatted(row.lane(), last, row.cursor()));
  }

  /** Whether the stored run is what its rows make of it. */
  void stored(Changes.RunRow run) {
    Replay.Result result = replays.get(run.state().runUid()).result();
    Replay.Result.Match expected =
        new Replay.Result.Match(
            run.stateHash(), run.headHash(), run.state().sequence(), run.state().status());
    violations.require(
        result.equals(expected),
        "the run is stored as " + expected + " but its rows say " + result);
  }
}
