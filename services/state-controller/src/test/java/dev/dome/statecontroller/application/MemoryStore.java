package dev.dome.statecontroller.application;

import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The store in memory, with its unique keys, its fence, and faults that a test asks for. */
final class MemoryStore implements Store {
  /** What happens at the next commit. */
  enum Fault {
    NONE,
    /** The connection is lost before anything is durable. */
    LOST_BEFORE,
    /** It is durable, but nobody hears of it. */
    LOST_AFTER,
    CONFLICT
  }

  final Map<Lane, Long> epochs = new TreeMap<>();
  final Map<Lane, Long> positions = new TreeMap<>();
  final Map<Lane, InboxCursor> cursors = new TreeMap<>();
  final List<JournalRow> journal = new ArrayList<>();
  final Map<RunUid, Changes.RunRow> runs = new TreeMap<>();
  final Map<AttemptId, Lease> leases = new TreeMap<>();
  final Map<AnswerKey, Changes.AnswerRow> answers = new HashMap<>();
  final Map<OperationName, Outcome> operations = new HashMap<>();
  final List<Changes.PoisonRow> poison = new ArrayList<>();
  private final Map<RunName, RunUid> names = new HashMap<>();
  private final Set<String> journalKeys = new HashSet<>();
  private final Map<String, AttemptId> permits = new HashMap<>();
  Fault fault = Fault.NONE;

  MemoryStore(int lanes) {
    for (int i = 0; i < lanes; i++) {
      epochs.put(new Lane(i), 0L);
      positions.put(new Lane(i), 0L);
      cursors.put(new Lane(i), InboxCursor.START);
    }
  }

  /** Takes every lane over. */
  Map<Lane, Long> takeOver() {
    epochs.replaceAll((lane, epoch) -> epoch + 1);
    return new TreeMap<>(epochs);
  }

  @Override
  public Transaction begin(Map<Lane, Long> mine, Wanted wanted) {
    Set<Lane> held = new HashSet<>();
    mine.forEach((lane, epoch) -> {
      if (epochs.get(lane).equals(epoch)) {
        held.add(lane);
      }
    });
    return new MemoryTransaction(held, find(held, wanted));
  }

  private Found find(Set<Lane> held, Wanted wanted) {
    Map<Lane, OpenedLane> opened = new HashMap<>();
    wanted.opening().stream().filter(held::contains).forEach(l -> opened.put(l, open(l, wanted)));
    Map<AnswerKey, FirstAnswer> first = new HashMap<>();
    for (AnswerKey key : wanted.answers()) {
      Changes.AnswerRow row = answers.get(key);
      if (row != null) {
        first.put(key, new FirstAnswer(row.bodyHmac(), row.hmacKeyId(), row.outcome()));
      }
    }
    Map<ClaimName, List<Lease>> claims = new HashMap<>();
    Comparator<Lease> byOrdinal = Comparator.comparingInt(Lease::ordinal);
    leases.values().stream()
        .sorted(byOrdinal)
        .filter(l -> wanted.claims().contains(new ClaimName(l.namespace(), l.claimId())))
        .forEach(l ->
            claims
                .computeIfAbsent(new ClaimName(l.namespace(), l.claimId()), k -> new ArrayList<>())
                .add(l));
    List<Lease> expired =
        leases.values().stream()
            .filter(l -> !l.ended() && l.expiresAtMs() <= wanted.nowMs())
            .filter(l -> wanted.sweep().contains(l.lane()) && held.contains(l.lane()))
            .toList();
    return new Found(
        held,
        opened,
        first,
        present(operations, wanted.operations()),
        present(names, wanted.runs()),
        present(leases, wanted.attempts()),
        claims,
        expired);
  }

  private static <K, V> Map<K, V> present(Map<K, V> all, Set<K> keys) {
    Map<K, V> present = new HashMap<>();
    for (K key : keys) {
      V value = all.get(key);
      if (value != null) {
        present.put(key, value);
      }
    }
    return present;
  }

  private OpenedLane open(Lane lane, Wanted wanted) {
    leases.replaceAll((id, l) ->
        l.lane().equals(lane) && !l.ended()
            ? renewed(l, Math.max(l.expiresAtMs(), wanted.nowMs() + l.termMs()))
            : l);
    List<ReadyTask> ready = new ArrayList<>();
    for (Changes.RunRow row : runs.values()) {
      RunState run = row.state();
      if (run.lane().equals(lane)) {
        for (TaskState task : run.dispatchable()) {
          ready.add(ReadyTask.of(run, task));
        }
      }
    }
    return new OpenedLane(positions.get(lane), cursors.get(lane), ready);
  }

  private static Lease renewed(Lease l, long expiresAtMs) {
    return copy(l, l.version() + 1, expiresAtMs, l.ended());
  }

  private static Lease copy(Lease l, long version, long expiresAtMs, boolean ended) {
    return new Lease(
        l.attemptId(),
        l.runUid(),
        l.taskId(),
        l.namespace(),
        l.lane(),
        l.queue(),
        l.fence(),
        version,
        l.claimId(),
        l.ordinal(),
        l.workerId(),
        l.termMs(),
        expiresAtMs,
        ended);
  }

  private final class MemoryTransaction implements Transaction {
    private final Set<Lane> held;
    private final Found found;

    private MemoryTransaction(Set<Lane> held, Found found) {
      this.held = held;
      this.found = found;
    }

    @Override
    public Found found() {
      return found;
    }

    @Override
    public List<StoredRun> runs(Set<RunUid> runUids) {
      return runUids.stream().filter(runs::containsKey).map(this::stored).toList();
    }

    private StoredRun stored(RunUid runUid) {
      List<EventEnvelope> events =
          journal.stream()
              .filter(r -> r.runUid().equals(runUid) && r.kind() == JournalEntry.Kind.EVENT)
              .map(JournalRow::envelope)
              .toList();
      Changes.RunRow row = MemoryStore.this.runs.get(runUid);
      return new StoredRun(runUid, row.headHash(), row.submissionHmac(), row.hmacKeyId(), events);
    }

    @Override
    public List<Permit> acquire(List<Permit> wanted, List<AttemptId> ended) {
      permits.values().removeAll(ended);
      return wanted.stream()
          .filter(p -> permits.putIfAbsent(p.namespace() + "/" + p.key(), p.attemptId()) == null)
          .toList();
    }

    @Override
    public void commit(Changes changes) {
      Fault now = fault;
      fault = Fault.NONE;
      switch (now) {
        case LOST_BEFORE -> throw unknown();
        case CONFLICT ->
            throw new StoreException(
                StoreException.Kind.CONFLICT, new IllegalStateException("asked for"));
        case NONE -> apply(changes);
        case LOST_AFTER -> {
          apply(changes);
          throw unknown();
        }
      }
    }

    private static StoreException unknown() {
      return new StoreException(
          StoreException.Kind.UNKNOWN, new IllegalStateException("asked for"));
    }

    @Override
    public void close() {
      // Nothing was changed before the commit.
    }

    private void apply(Changes changes) {
      for (Changes.LaneRow row : changes.lanes()) {
        require(held.contains(row.lane()), "a lane that is not held was written");
        positions.put(row.lane(), row.position());
        cursors.put(row.lane(), row.cursor());
      }
      for (Changes.JournalLine line : changes.journal()) {
        JournalRow row = line.row();
        require(journalKeys.add(row.runUid() + "#" + row.envelope().sequence()), "sequence twice");
        require(journalKeys.add(row.lane() + "@" + row.lanePosition()), "position twice");
        journal.add(row);
      }
      for (Changes.RunRow row : changes.runs()) {
        RunName name = new RunName(row.state().namespace(), row.state().runId());
        RunUid known = names.putIfAbsent(name, row.state().runUid());
        require(known == null || known.equals(row.state().runUid()), "run id twice");
        MemoryStore.this.runs.put(row.state().runUid(), row);
      }
      for (Lease lease : changes.granted()) {
        require(leases.putIfAbsent(lease.attemptId(), lease) == null, "attempt twice");
      }
      changes
          .renewed()
          .forEach(
              r -> leases.computeIfPresent(r.attemptId(), (id, l) -> renewed(l, r.expiresAtMs())));
      changes
          .ended()
          .forEach(e ->
              leases.computeIfPresent(
                  e.attemptId(), (id, l) -> copy(l, l.version(), l.expiresAtMs(), true)));
      for (Changes.AnswerRow row : changes.answers()) {
        require(answers.putIfAbsent(row.key(), row) == null, "first answer twice");
      }
      changes
          .operations()
          .forEach(o ->
              operations.putIfAbsent(
                  new OperationName(o.namespace(), o.outcome().operationId()), o.outcome()));
      poison.addAll(changes.poison());
    }

    private static void require(boolean holds, String violation) {
      if (!holds) {
        throw new AssertionError(violation);
      }
    }
  }
}
