package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.Context;
import dev.dome.kernel.Effect;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one batch makes of the runs it touches: heads before and after, sealed rows in lane order,
 * and the leases granted and ended. Nothing of it is visible outside until the batch is committed,
 * except in the ready index, which {@link #undo} puts right.
 */
final class Ledger {
  private final RunCache cache;
  private final ReadyIndex ready;
  private final Map<Lane, LaneState> lanes;
  private final Decide kernel;
  private final Map<Lane, Long> positions = new HashMap<>();
  private final Map<RunUid, RunHead> before = new HashMap<>();
  private final Map<RunUid, RunHead> after = new LinkedHashMap<>();
  private final Map<RunUid, RuntimeException> broken = new HashMap<>();
  private final Map<Store.RunName, RunUid> names = new HashMap<>();
  private final Map<AttemptId, RunUid> attempts = new HashMap<>();
  private final Map<Store.ClaimName, Integer> ordinals = new HashMap<>();
  private final List<Changes.JournalLine> journal = new ArrayList<>();
  private long journalChars;
  private final List<Store.Lease> granted = new ArrayList<>();
  private final Set<AttemptId> ended = new LinkedHashSet<>();

  Ledger(RunCache cache, ReadyIndex ready, Map<Lane, LaneState> lanes, Decide kernel) {
    this.cache = cache;
    this.ready = ready;
    this.lanes = lanes;
    this.kernel = kernel;
  }

  /**
   * The run as the batch left it so far, or null when it was not loaded.
   *
   * @throws IllegalStateException when its stored rows do not fold to a state
   */
  RunHead head(RunUid runUid) {
    if (broken.containsKey(runUid)) {
      throw new IllegalStateException("the run's journal does not fold", broken.get(runUid));
    }
    RunHead changed = after.get(runUid);
    if (changed != null) {
      return changed;
    }
    RunHead loaded = before.get(runUid);
    return loaded != null ? loaded : cache.get(runUid);
  }

  /** The run as the batch found it, or null when it was not loaded or is new. */
  RunHead headBefore(RunUid runUid) {
    return before.get(runUid);
  }

  RunHead named(Store.RunName name) {
    RunUid runUid = names.containsKey(name) ? names.get(name) : cache.named(name);
    return runUid == null ? null : head(runUid);
  }

  /** The run an attempt belongs or belonged to, or null when nobody ever granted it. */
  RunHead ofAttempt(AttemptId attemptId) {
    RunUid runUid = attempts.get(attemptId);
    if (runUid == null) {
      runUid = cache.ofAttempt(attemptId);
    }
    return runUid == null ? null : head(runUid);
  }

  void knows(Store.RunName name, RunUid runUid) {
    names.put(name, runUid);
  }

  void knows(AttemptId attemptId, RunUid runUid) {
    attempts.put(attemptId, runUid);
  }

  /** Folds what was stored; a run that does not fold fails whoever asks for it, and no one else. */
  void loaded(Store.StoredRun stored) {
    try {
      before.put(stored.runUid(), RunHead.of(stored));
    } catch (RuntimeException e) {
      broken.put(stored.runUid(), e);
    }
  }

  /** Whether {@link #head} would find it. */
  boolean has(RunUid runUid) {
    return broken.containsKey(runUid) || head(runUid) != null;
  }

  /**
   * Steps the kernel and keeps what it decided.
   *
   * @param head the run, or a head without state for a submission
   * @throws RuntimeException when the kernel or the seal failed; nothing is kept then
   */
  Step apply(RunHead head, Lane lane, Input input, Context context) {
    Step step = kernel.step(head.state(), input, context);
    if (!step.entries().isEmpty()) {
      keep(head, lane, step, seal(step.state(), head.headHash(), lane, step.entries()), context);
    }
    return step;
  }

  /**
   * As {@link #apply} for a new run, unless its rows are larger than what can be sent on; then
   * nothing is kept.
   *
   * @return the step, or what is too large
   */
  Begun begin(RunHead unborn, Lane lane, Input input, Context context) {
    Step step = kernel.step(unborn.state(), input, context);
    if (step.entries().isEmpty()) {
      return new Begun(step, Optional.empty());
    }
    List<Changes.JournalLine> sealed = seal(step.state(), unborn.headHash(), lane, step.entries());
    Optional<String> tooLarge = RowLimits.exceeded(sealed);
    if (tooLarge.isEmpty()) {
      keep(unborn, lane, step, sealed, context);
    }
    return new Begun(step, tooLarge);
  }

  /** A new run's first step; it counts for nothing when something of it is too large. */
  record Begun(Step step, Optional<String> tooLarge) {}

  private void keep(
      RunHead head, Lane lane, Step step, List<Changes.JournalLine> sealed, Context context) {
    RunState next = step.state();
    RunHead changed = changed(head, next, sealed.getLast().row().hash());
    positions.put(lane, sealed.getLast().row().lanePosition());
    journal.addAll(sealed);
    sealed.forEach(line -> journalChars += line.envelopeText().length());
    step.effects().forEach(effect -> keep(effect, next, context.observedAtMs()));
    if (head.state() != null) {
      before.putIfAbsent(next.runUid(), head);
    }
    after.put(next.runUid(), changed);
    names.put(new Store.RunName(next.namespace(), next.runId()), next.runUid());
    ready.replace(next);
  }

  private static RunHead changed(RunHead head, RunState next, String hash) {
    return head.policyDigest() != null
        ? head.with(next, hash)
        : new RunHead(
            next, hash, next.policies().digest(), head.submissionHmac(), head.hmacKeyId());
  }

  private List<Changes.JournalLine> seal(
      RunState run, String headHash, Lane lane, List<JournalEntry> entries) {
    LaneState owned = lanes.get(lane);
    long position = positions.getOrDefault(lane, owned.position);
    String prevHash = headHash;
    List<Changes.JournalLine> lines = new ArrayList<>(entries.size());
    for (JournalEntry entry : entries) {
      JournalRow.Sealed sealed =
          JournalRow.sealed(entry, run.runUid(), run.namespace(), lane, ++position, prevHash);
      lines.add(new Changes.JournalLine(sealed.row(), sealed.envelopeText(), owned.epoch));
      prevHash = sealed.row().hash();
    }
    return lines;
  }

  private void keep(Effect effect, RunState run, long nowMs) {
    switch (effect) {
      case Effect.GrantLease grant -> {
        attempts.put(grant.attemptId(), run.runUid());
        granted.add(lease(grant, run, nowMs));
      }
      case Effect.EndLease end -> ended.add(end.attemptId());
    }
  }

  private Store.Lease lease(Effect.GrantLease grant, RunState run, long nowMs) {
    TaskState task = run.task(grant.taskId()).orElseThrow();
    int ordinal =
        ordinals.merge(new Store.ClaimName(run.namespace(), grant.claimId()), 1, Integer::sum) - 1;
    return new Store.Lease(
        grant.attemptId(),
        run.runUid(),
        grant.taskId().value(),
        run.namespace(),
        run.lane(),
        task.plan().queue().value(),
        grant.fence(),
        1,
        grant.claimId(),
        ordinal,
        grant.workerId(),
        grant.termMs(),
        nowMs + grant.termMs(),
        null);
  }

  /** Ends a lease row that no decision ends, because its run does not know it any more. */
  void endOrphan(AttemptId attemptId) {
    ended.add(attemptId);
  }

  boolean hasEnded(AttemptId attemptId) {
    return ended.contains(attemptId);
  }

  Set<AttemptId> ended() {
    return ended;
  }

  List<Store.Lease> granted() {
    return granted;
  }

  List<Changes.JournalLine> journal() {
    return journal;
  }

  /** The length of all envelopes of the journal so far. */
  long journalChars() {
    return journalChars;
  }

  long position(LaneState lane) {
    return positions.getOrDefault(lane.lane, lane.position);
  }

  List<Changes.RunRow> runRows() {
    return after.values().stream()
        .map(head ->
            new Changes.RunRow(
                head.state(),
                head.headHash(),
                head.state().digest(),
                head.policyDigest(),
                head.submissionHmac(),
                head.hmacKeyId(),
                lanes.get(head.state().lane()).epoch))
        .toList();
  }

  List<Changes.TaskRow> taskRows() {
    List<Changes.TaskRow> rows = new ArrayList<>();
    for (RunHead head : after.values()) {
      RunState run = head.state();
      RunHead old = before.get(run.runUid());
      for (int i = 0; i < run.tasks().size(); i++) {
        TaskState task = run.tasks().get(i);
        if (old == null || !task.equals(old.state().tasks().get(i))) {
          rows.add(new Changes.TaskRow(run.runUid(), run.namespace(), run.lane(), i, task));
        }
      }
    }
    return rows;
  }

  /** The lane's runs that the batch changed so far. */
  List<RunUid> touched(Lane lane) {
    return after.values().stream()
        .map(RunHead::state)
        .filter(run -> run.lane().equals(lane))
        .map(RunState::runUid)
        .toList();
  }

  Set<Lane> touchedLanes() {
    return new HashSet<>(positions.keySet());
  }

  /**
   * After the commit: what was loaded or changed becomes the cache, but for runs of lanes that
   * somebody else writes. Those were loaded for an ask that came to the wrong owner, and would be
   * what they were then when their lane is ours again.
   */
  void publishTo(RunCache target) {
    before.values().stream()
        .filter(head -> !after.containsKey(head.state().runUid()))
        .filter(head -> lanes.containsKey(head.state().lane()))
        .forEach(target::put);
    after.values().forEach(target::put);
  }

  /** Nothing was committed: the ready index shows the runs as they were. */
  void undo() {
    for (RunUid runUid : after.keySet()) {
      RunHead old = before.get(runUid);
      if (old == null) {
        ready.remove(runUid);
      } else {
        ready.replace(old.state());
      }
    }
  }
}
