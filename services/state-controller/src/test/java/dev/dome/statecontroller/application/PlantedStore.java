package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The store with a mistake in it: what a writer that errs would ask of it or make of it. */
final class PlantedStore implements Store {
  private static final int FREE_SLOT = 1_000;

  private final MemoryStore store;
  private final PlantedBug bug;
  private final Faults faults;
  private Runnable late;
  private int commits;

  PlantedStore(MemoryStore store, PlantedBug bug, Faults faults) {
    this.store = store;
    this.bug = bug;
    this.faults = faults;
  }

  /** The process is gone and what it had not made durable with it. */
  void crashed() {
    late = null;
  }

  @Override
  public Transaction begin(Map<Lane, Long> epochs, Wanted wanted) {
    if (late != null) {
      late.run();
      late = null;
    }
    Map<Lane, Long> held = new HashMap<>(epochs);
    if (bug == PlantedBug.NO_FENCE) {
      held.replaceAll((lane, epoch) -> store.epochs.get(lane));
    }
    return new PlantedTransaction(store.begin(held, wanted), wanted);
  }

  private final class PlantedTransaction implements Transaction {
    private final Transaction transaction;
    private final Wanted wanted;

    private PlantedTransaction(Transaction transaction, Wanted wanted) {
      this.transaction = transaction;
      this.wanted = wanted;
    }

    @Override
    public Found found() {
      Found found = transaction.found();
      boolean forgets = bug == PlantedBug.SKIPPED_DEDUPE;
      return new Found(
          found.held(),
          found.opened(),
          forgets ? Map.of() : found.answers(),
          forgets ? Map.of() : found.operations(),
          found.runs(),
          found.attempts(),
          bug == PlantedBug.CLAIM_GRANTED_TWICE ? Map.of() : found.claims(),
          bug == PlantedBug.LEASE_EXPIRED_EARLY ? unrenewed(found) : found.expired(),
          found.limits());
    }

    /** What had run out if nobody had renewed it: a third of the term is over. */
    private List<Lease> unrenewed(Found found) {
      return store.live.values().stream()
          .filter(lease -> found.held().contains(lease.lane()))
          .filter(lease -> wanted.sweep().contains(lease.lane()))
          .filter(lease -> lease.expiresAtMs() - lease.termMs() / 3 * 2 <= wanted.nowMs())
          .toList();
    }

    @Override
    public List<StoredRun> runs(Set<RunUid> runUids) {
      return transaction.runs(runUids);
    }

    @Override
    public Usage usage(Set<LimitKey> limits, Set<AttemptId> ended) {
      Usage usage = transaction.usage(limits, ended);
      if (bug != PlantedBug.LIMIT_OVERBOOKED) {
        return usage;
      }
      Map<LimitKey, Taken> free = new HashMap<>();
      usage.taken().forEach((limit, taken) -> free.put(limit, new Taken(Set.of(), taken.tatUs())));
      return new Usage(usage.nowUs(), free);
    }

    @Override
    public List<RunUid> guarded(LaneBreaker breaker, int max) {
      return transaction.guarded(breaker, max);
    }

    @Override
    public void commit(Changes changes) {
      commits++;
      switch (bug) {
        case ANSWER_BEFORE_COMMIT -> late = () -> transaction.commit(changes);
        case CURSOR_BEFORE_EFFECT -> {
          changes.lanes().forEach(row -> store.cursors.put(row.lane(), row.cursor()));
          faults.call("cursor of " + changes.lanes().size(), () -> {});
          transaction.commit(changes);
        }
        default -> transaction.commit(written(changes));
      }
    }

    @Override
    public void close() {
      if (late == null) {
        transaction.close();
      }
    }
  }

  private Changes written(Changes changes) {
    return switch (bug) {
      case WRONG_LANE_POSITION ->
          commits % 5 == 0 && !changes.journal().isEmpty()
              ? with(changes, further(changes.journal()), changes.runs())
              : changes;
      case STATE_NOT_FOLDED -> with(changes, changes.journal(), stale(changes.runs()));
      case ANSWER_NOT_STORED -> unanswered(changes);
      case CLAIM_GRANTED_TWICE -> granted(changes, renamed(changes.granted()), changes.permits());
      case LIMIT_OVERBOOKED -> granted(changes, changes.granted(), elsewhere(changes.permits()));
      default -> changes;
    };
  }

  /** The last row one position further on. */
  private static List<Changes.JournalLine> further(List<Changes.JournalLine> journal) {
    List<Changes.JournalLine> lines = new ArrayList<>(journal);
    Changes.JournalLine last = lines.removeLast();
    JournalRow row = last.row();
    JournalRow.Sealed sealed =
        JournalRow.sealed(
            new JournalEntry(row.kind(), row.envelope()),
            row.runUid(),
            row.namespace(),
            row.lane(),
            row.lanePosition() + 1,
            row.prevHash());
    lines.add(new Changes.JournalLine(sealed.row(), sealed.envelopeText(), last.epoch()));
    return lines;
  }

  private List<Changes.RunRow> stale(List<Changes.RunRow> runs) {
    return runs.stream()
        .map(row -> {
          Changes.RunRow before = store.runs.get(row.state().runUid());
          return new Changes.RunRow(
              row.state(),
              row.headHash(),
              before == null ? row.stateHash() : before.stateHash(),
              row.policyDigest(),
              row.submissionHmac(),
              row.hmacKeyId(),
              row.epoch());
        })
        .toList();
  }

  private List<Lease> renamed(List<Lease> granted) {
    return granted.stream()
        .map(lease ->
            new Lease(
                lease.attemptId(),
                lease.runUid(),
                lease.taskId(),
                lease.namespace(),
                lease.lane(),
                lease.queue(),
                lease.fence(),
                lease.version(),
                lease.claimId(),
                commits * FREE_SLOT + lease.ordinal(),
                lease.workerId(),
                lease.termMs(),
                lease.expiresAtMs(),
                lease.endedAtMs()))
        .toList();
  }

  private List<Permit> elsewhere(List<Permit> permits) {
    return permits.stream()
        .map(permit ->
            new Permit(permit.limit(), commits * FREE_SLOT + permit.slot(), permit.attemptId()))
        .toList();
  }

  private static Changes with(
      Changes c, List<Changes.JournalLine> journal, List<Changes.RunRow> runs) {
    return new Changes(
        journal,
        runs,
        c.tasks(),
        c.granted(),
        c.renewed(),
        c.ended(),
        c.permits(),
        c.rates(),
        c.answers(),
        c.operations(),
        c.lateReports(),
        c.poison(),
        c.lanes(),
        c.breakers(),
        c.rewinds());
  }

  private static Changes unanswered(Changes c) {
    return new Changes(
        c.journal(),
        c.runs(),
        c.tasks(),
        c.granted(),
        c.renewed(),
        c.ended(),
        c.permits(),
        c.rates(),
        List.of(),
        List.of(),
        c.lateReports(),
        c.poison(),
        c.lanes(),
        c.breakers(),
        c.rewinds());
  }

  private static Changes granted(Changes c, List<Lease> granted, List<Permit> permits) {
    return new Changes(
        c.journal(),
        c.runs(),
        c.tasks(),
        granted,
        c.renewed(),
        c.ended(),
        permits,
        c.rates(),
        c.answers(),
        c.operations(),
        c.lateReports(),
        c.poison(),
        c.lanes(),
        c.breakers(),
        c.rewinds());
  }
}
