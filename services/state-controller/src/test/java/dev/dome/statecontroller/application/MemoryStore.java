package dev.dome.statecontroller.application;

import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The store in memory, which keeps the same contract as the one on PostgreSQL: fence, unique keys,
 * and commits that leave everything or nothing. For one thread.
 */
final class MemoryStore implements Store, JournalTable {
  private static final int MAX_EXPIRED = 500;
  private static final NavigableMap<Long, JournalRow> NO_ROWS = new TreeMap<>();

  final Map<Lane, Long> epochs = new TreeMap<>();
  final Map<Lane, Long> positions = new TreeMap<>();
  final Map<Lane, InboxCursor> cursors = new TreeMap<>();
  final List<JournalRow> journal = new ArrayList<>();
  final Map<RunUid, Changes.RunRow> runs = new TreeMap<>();
  final Map<AttemptId, Lease> leases = new LinkedHashMap<>();
  final Map<AnswerKey, Changes.AnswerRow> answers = new HashMap<>();
  final Map<OperationName, Outcome> operations = new HashMap<>();
  final Map<String, Changes.LateReport> lateReports = new LinkedHashMap<>();
  final List<Changes.PoisonRow> poison = new ArrayList<>();
  final Map<PermitName, AttemptId> permits = new HashMap<>();
  final Map<LimitKey, Long> tatUs = new HashMap<>();
  private List<TaskLimit> limits = List.of();
  private long limitsVersion;
  private long clockMs;
  private int usages;
  private final Map<BreakerName, LaneBreaker> breakers = new HashMap<>();
  private final Map<Lane, NavigableMap<Long, JournalRow>> byPosition = new HashMap<>();
  private final Map<RunUid, List<EventEnvelope>> events = new HashMap<>();
  final Map<AttemptId, Lease> live = new LinkedHashMap<>();
  private final Map<ClaimName, List<AttemptId>> claims = new HashMap<>();
  private final Map<RunName, RunUid> names = new HashMap<>();
  private final Set<Object> uniqueKeys = new HashSet<>();
  private final Map<Lane, Published> published = new HashMap<>();
  private final Set<MemoryTransaction> open = new HashSet<>();
  private Consumer<Changes> watcher = changes -> {};

  record PermitName(LimitKey limit, int slot) {}

  private record BreakerName(Lane lane, NamespaceId namespace, BreakerKey key) {}

  MemoryStore(int lanes) {
    for (int i = 0; i < lanes; i++) {
      epochs.put(new Lane(i), 0L);
      positions.put(new Lane(i), 0L);
      cursors.put(new Lane(i), InboxCursor.START);
      published.put(new Lane(i), new Published("", 0, 0));
    }
  }

  /** Sets the limits of every namespace. */
  void limit(List<TaskLimit> all) {
    limits = List.copyOf(all);
    limitsVersion++;
  }

  /** Shows every commit to somebody, once it is durable. */
  void watch(Consumer<Changes> commits) {
    watcher = commits;
  }

  /** How often a transaction asked for what is taken of limits. */
  int usages() {
    return usages;
  }

  /** When the store last began a transaction, on its clock, which never goes back. */
  long clockMs() {
    return clockMs;
  }

  /** Takes over every lane that no open transaction holds. */
  Map<Lane, Long> takeOver() {
    return takeOver(lane -> true);
  }

  /** Takes over those of the lanes that no open transaction holds. */
  Map<Lane, Long> takeOver(Predicate<Lane> wanted) {
    Map<Lane, Long> taken = new TreeMap<>();
    epochs.replaceAll((lane, epoch) -> {
      if (!wanted.test(lane)
          || open.stream().anyMatch(transaction -> transaction.held.contains(lane))) {
        return epoch;
      }
      taken.put(lane, epoch + 1);
      return epoch + 1;
    });
    return taken;
  }

  /** Undoes every open transaction, as a server does whose clients are gone. */
  void disconnect() {
    List.copyOf(open).forEach(MemoryTransaction::close);
  }

  @Override
  public Transaction begin(Map<Lane, Long> mine, Wanted wanted) {
    clockMs = Math.max(clockMs, wanted.nowMs());
    Set<Lane> held = new HashSet<>();
    mine.forEach((lane, epoch) -> {
      if (epoch.equals(epochs.get(lane))) {
        held.add(lane);
      }
    });
    MemoryTransaction transaction = new MemoryTransaction(held, wanted);
    open.add(transaction);
    return transaction;
  }

  private Found find(Set<Lane> held, Wanted wanted) {
    Map<Lane, OpenedLane> opened = new HashMap<>();
    wanted.opening().stream().filter(held::contains).forEach(lane -> opened.put(lane, open(lane)));
    Map<AnswerKey, FirstAnswer> first = new HashMap<>();
    present(answers, wanted.answers())
        .forEach((key, row) ->
            first.put(key, new FirstAnswer(row.bodyHmac(), row.hmacKeyId(), row.outcome())));
    Map<ClaimName, List<Lease>> granted = new HashMap<>();
    present(claims, wanted.claims())
        .forEach((claim, attempts) ->
            granted.put(
                claim,
                attempts.stream()
                    .map(leases::get)
                    .sorted(Comparator.comparingInt(Lease::ordinal))
                    .toList()));
    List<Lease> expired =
        live.values().stream()
            .filter(lease -> lease.expiresAtMs() <= wanted.nowMs())
            .filter(lease -> wanted.sweep().contains(lease.lane()) && held.contains(lease.lane()))
            .sorted(Comparator.comparingLong(Lease::expiresAtMs).thenComparing(Lease::attemptId))
            .limit(MAX_EXPIRED)
            .toList();
    return new Found(
        held,
        opened,
        first,
        present(operations, wanted.operations()),
        present(names, wanted.runs()),
        present(leases, wanted.attempts()),
        granted,
        expired,
        wanted.limitsKnown() == null || wanted.limitsKnown() == limitsVersion
            ? null
            : new KnownLimits(limitsVersion, limits));
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

  private OpenedLane open(Lane lane) {
    List<ReadyTask> ready = new ArrayList<>();
    for (Changes.RunRow row : runs.values()) {
      RunState run = row.state();
      if (run.lane().equals(lane)) {
        run.dispatchable().forEach(task -> ready.add(ReadyTask.of(run, task)));
      }
    }
    List<LaneBreaker> known =
        breakers.values().stream().filter(breaker -> breaker.lane().equals(lane)).toList();
    return new OpenedLane(positions.get(lane), cursors.get(lane), ready, known);
  }

  @Override
  public Map<Lane, Published> published(Collection<Lane> lanes) {
    return present(published, Set.copyOf(lanes));
  }

  @Override
  public List<JournalRow> after(Lane lane, long position, int max) {
    return byPosition.getOrDefault(lane, NO_ROWS).tailMap(position, false).values().stream()
        .limit(max)
        .toList();
  }

  @Override
  public void record(Map<Lane, Published> progress) {
    progress.forEach((lane, next) ->
        published.computeIfPresent(
            lane,
            (key, last) ->
                last.rewind() != next.rewind()
                        || (last.incarnation().equals(next.incarnation())
                            && last.position() >= next.position())
                    ? last
                    : next));
  }

  private final class MemoryTransaction implements Transaction {
    private final Set<Lane> held;
    private final Wanted wanted;
    private final Found found;

    private MemoryTransaction(Set<Lane> held, Wanted wanted) {
      this.held = held;
      this.wanted = wanted;
      this.found = find(held, wanted);
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
      Changes.RunRow row = MemoryStore.this.runs.get(runUid);
      return new StoredRun(
          runUid,
          row.headHash(),
          row.submissionHmac(),
          row.hmacKeyId(),
          List.copyOf(events.get(runUid)));
    }

    @Override
    public Usage usage(Set<LimitKey> wantedLimits, Set<AttemptId> ended) {
      usages++;
      Map<LimitKey, Taken> taken = new HashMap<>();
      for (LimitKey limit : wantedLimits) {
        taken.put(limit, new Taken(new HashSet<>(), tatUs.getOrDefault(limit, 0L)));
      }
      permits.forEach((name, attempt) -> {
        if (taken.containsKey(name.limit()) && !ended.contains(attempt)) {
          taken.get(name.limit()).slots().add(name.slot());
        }
      });
      return new Usage(1_000 * clockMs, taken);
    }

    @Override
    public List<RunUid> guarded(LaneBreaker breaker, int max) {
      return MemoryStore.this.runs.values().stream()
          .map(Changes.RunRow::state)
          .filter(run -> run.lane().equals(breaker.lane()))
          .filter(run -> run.namespace().equals(breaker.namespace()))
          .filter(run -> run.runUid().value().compareTo(breaker.toldUpTo()) > 0)
          .filter(run -> !run.status().isFinal() && guards(breaker, run))
          .map(RunState::runUid)
          .limit(max)
          .toList();
    }

    private static boolean guards(LaneBreaker breaker, RunState run) {
      return run.tasks().stream()
          .anyMatch(
              task -> !task.isSettled() && task.plan().guards().contains(breaker.breaker().key()));
    }

    @Override
    public void commit(Changes changes) {
      Set<Object> keys;
      try {
        changes.requireWithin(held);
        keys = newKeys(changes);
      } catch (StoreException e) {
        close();
        throw e;
      }
      open.remove(this);
      uniqueKeys.addAll(keys);
      apply(changes);
      watcher.accept(changes);
    }

    @Override
    public void close() {
      open.remove(this);
    }

    /** Every key that must be new, or a conflict. */
    private Set<Object> newKeys(Changes changes) {
      List<Object> keys = new ArrayList<>();
      for (Changes.JournalLine line : changes.journal()) {
        JournalRow row = line.row();
        keys.add(List.of("sequence", row.runUid(), row.envelope().sequence()));
        keys.add(List.of("position", row.lane(), row.lanePosition()));
      }
      for (Lease lease : changes.granted()) {
        keys.add(lease.attemptId());
        keys.add(List.of("claim", lease.namespace(), lease.claimId(), lease.ordinal()));
      }
      changes.answers().forEach(row -> keys.add(row.key()));
      changes
          .poison()
          .forEach(
              row -> keys.add(List.of("poison", row.lane(), row.incarnation(), row.sequence())));
      Set<Object> fresh = new HashSet<>();
      for (Object key : keys) {
        if (uniqueKeys.contains(key) || !fresh.add(key)) {
          throw conflict(key);
        }
      }
      Set<AttemptId> ended =
          changes.ended().stream().map(Changes.EndedLease::attemptId).collect(Collectors.toSet());
      for (Permit permit : changes.permits()) {
        PermitName name = new PermitName(permit.limit(), permit.slot());
        if ((permits.containsKey(name) && !ended.contains(permits.get(name))) || !fresh.add(name)) {
          throw conflict(name);
        }
      }
      fresh.removeIf(PermitName.class::isInstance);
      for (Changes.RunRow row : changes.runs()) {
        RunUid known = names.get(nameOf(row));
        if (known != null && !known.equals(row.state().runUid())) {
          throw conflict(nameOf(row));
        }
      }
      return fresh;
    }

    private static StoreException conflict(Object key) {
      return new StoreException(
          StoreException.Kind.CONFLICT, new IllegalStateException("stored before: " + key));
    }

    private static RunName nameOf(Changes.RunRow row) {
      return new RunName(row.state().namespace(), row.state().runId());
    }

    private void apply(Changes changes) {
      found.opened().keySet().forEach(this::extend);
      for (Changes.LaneRow row : changes.lanes()) {
        positions.put(row.lane(), row.position());
        cursors.put(row.lane(), row.cursor());
      }
      for (Changes.JournalLine line : changes.journal()) {
        journal.add(line.row());
        byPosition
            .computeIfAbsent(line.row().lane(), k -> new TreeMap<>())
            .put(line.row().lanePosition(), line.row());
        if (line.row().kind() == JournalEntry.Kind.EVENT) {
          events
              .computeIfAbsent(line.row().runUid(), k -> new ArrayList<>())
              .add(line.row().envelope());
        }
      }
      for (Changes.RunRow row : changes.runs()) {
        names.put(nameOf(row), row.state().runUid());
        MemoryStore.this.runs.put(row.state().runUid(), row);
      }
      applyLeases(changes);
      changes.answers().forEach(row -> answers.put(row.key(), row));
      changes
          .operations()
          .forEach(row ->
              operations.putIfAbsent(
                  new OperationName(row.namespace(), row.outcome().operationId()), row.outcome()));
      changes.lateReports().forEach(late -> lateReports.putIfAbsent(late.operationId(), late));
      poison.addAll(changes.poison());
      for (Changes.Rewind row : changes.rewinds()) {
        published.computeIfPresent(
            row.lane(),
            (lane, last) ->
                new Published(
                    last.incarnation(), Math.min(last.position(), row.after()), last.rewind() + 1));
      }
      for (LaneBreaker row : changes.breakers()) {
        breakers.put(new BreakerName(row.lane(), row.namespace(), row.breaker().key()), row);
      }
    }

    private void applyLeases(Changes changes) {
      for (Lease lease : changes.granted()) {
        put(lease);
        claims
            .computeIfAbsent(
                new ClaimName(lease.namespace(), lease.claimId()), k -> new ArrayList<>())
            .add(lease.attemptId());
      }
      for (Changes.Renewal renewal : changes.renewed()) {
        Lease lease = live.get(renewal.attemptId());
        if (lease != null) {
          put(with(lease, lease.version() + 1, renewal.expiresAtMs(), null));
        }
      }
      for (Changes.EndedLease ended : changes.ended()) {
        Lease lease = live.get(ended.attemptId());
        if (lease != null) {
          put(with(lease, lease.version(), lease.expiresAtMs(), ended.endedAtMs()));
        }
        permits.values().removeAll(Set.of(ended.attemptId()));
      }
      for (Permit permit : changes.permits()) {
        permits.put(new PermitName(permit.limit(), permit.slot()), permit.attemptId());
      }
      changes.rates().forEach(use -> tatUs.put(use.limit(), use.tatUs()));
    }

    /** An opened lane's live leases gain a term. */
    private void extend(Lane lane) {
      for (Lease lease : List.copyOf(live.values())) {
        if (lease.lane().equals(lane)) {
          long extended = Math.max(lease.expiresAtMs(), wanted.nowMs() + lease.termMs());
          put(with(lease, lease.version() + 1, extended, null));
        }
      }
    }

    private void put(Lease lease) {
      leases.put(lease.attemptId(), lease);
      if (lease.ended()) {
        live.remove(lease.attemptId());
      } else {
        live.put(lease.attemptId(), lease);
      }
    }

    private static Lease with(Lease lease, long version, long expiresAtMs, Long endedAtMs) {
      return new Lease(
          lease.attemptId(),
          lease.runUid(),
          lease.taskId(),
          lease.namespace(),
          lease.lane(),
          lease.queue(),
          lease.fence(),
          version,
          lease.claimId(),
          lease.ordinal(),
          lease.workerId(),
          lease.termMs(),
          expiresAtMs,
          endedAtMs);
    }
  }
}
