package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.PolicySet;
import dev.dome.kernel.RunState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One transaction of the lane writer: what it took, what it decided, and what follows once it is
 * durable. Used by the writer's thread only, and once.
 */
final class Batch {
  private final WriterState state;
  private final Plan plan;
  private final Supplier<PolicySet> policies;
  private final Sightings sightings;
  private final WriterObserver observer;
  private final BatchBudget.Limits limits;
  private final Clock clock;
  private final long nowMs;
  private final Ledger ledger;
  private final Republications republications;
  private final Map<Lane, InboxCursor> cursors = new HashMap<>();
  private final List<Changes.PoisonRow> poison = new ArrayList<>();
  private final List<Answer> claimers = new ArrayList<>();
  private final Map<ParkedClaim, List<Claim.GrantedTask>> repeatedClaims = new LinkedHashMap<>();
  private final List<ParkedClaim> draining = new ArrayList<>();
  private Store.Found found;
  private AskHandler asks;
  private LeaseHandler leases;
  private BreakerHandler breakers;
  private Dispatcher dispatcher;
  private Limiter limiter;
  private int decided;
  private int applied;

  Batch(
      WriterState state,
      Plan plan,
      Supplier<PolicySet> policies,
      Sightings sightings,
      WriterObserver observer,
      BatchBudget.Limits limits,
      Clock clock,
      long nowMs) {
    this.state = state;
    this.plan = plan;
    this.policies = policies;
    this.sightings = sightings;
    this.observer = observer;
    this.limits = limits;
    this.clock = clock;
    this.nowMs = nowMs;
    this.ledger = new Ledger(state.cache, state.ready, state.lanes, state.kernel);
    this.republications = new Republications(state.lanes);
  }

  /** Decides everything inside the transaction. */
  Changes decide(Store.Transaction transaction) {
    found = transaction.found();
    Set<Lane> lost = new HashSet<>(state.lanes.keySet());
    lost.removeAll(found.held());
    lost.forEach(state::drop);
    found.opened().forEach(state::open);
    if (found.limits() != null) {
      state.limits.replace(found.limits());
      state.heldBack.releaseAll(state.ready);
    }
    load(transaction);
    breakers =
        new BreakerHandler(state.breakers, ledger, transaction, nowMs, observer::decisionFailed);
    asks = new AskHandler(ledger, found, policies, breakers::notClosed, republications, nowMs);
    leases = new LeaseHandler(ledger, found.attempts(), state.drains, sightings, nowMs);
    applyReadings();
    plan.heartbeats().forEach(this::heartbeat);
    found.expired().forEach(this::expire);
    plan.overdue().forEach(this::retry);
    breakers.tell();
    plan.claims().forEach(this::park);
    dispatch(transaction);
    return changes();
  }

  private void load(Store.Transaction transaction) {
    found.runs().forEach(ledger::knows);
    Set<RunUid> wanted = new HashSet<>(found.runs().values());
    for (Store.Lease lease : found.attempts().values()) {
      ledger.knows(lease.attemptId(), lease.runUid());
      wanted.add(lease.runUid());
    }
    found.expired().forEach(lease -> wanted.add(lease.runUid()));
    plan.overdue().forEach(overdue -> wanted.add(overdue.runUid()));
    found.claims().values().stream()
        .flatMap(List::stream)
        .filter(lease -> !lease.ended())
        .forEach(lease -> wanted.add(lease.runUid()));
    wanted.removeIf(ledger::has);
    if (!wanted.isEmpty()) {
      transaction.runs(wanted).forEach(ledger::loaded);
    }
  }

  /** As many as the budget allows, and one at least, so that every batch gets on. */
  private void applyReadings() {
    BatchBudget budget = new BatchBudget(limits, clock, ledger);
    for (Plan.Reading reading : plan.readings()) {
      if (decided > 0 && budget.spent()) {
        return;
      }
      apply(reading);
      decided++;
    }
  }

  /** The deliveries that the batch did not come to, in their order. */
  List<Command> undecided() {
    return plan.readings().subList(decided, plan.readings().size()).stream()
        .<Command>map(Plan.Reading::delivery)
        .toList();
  }

  private void apply(Plan.Reading reading) {
    Command.Delivery delivery = reading.delivery();
    LaneState lane = state.lanes.get(delivery.lane());
    if (lane == null || lane.reader != delivery.reader()) {
      return;
    }
    InboxCursor cursor = cursors.getOrDefault(delivery.lane(), lane.cursor);
    if (cursor.covers(delivery.incarnation(), delivery.sequence())) {
      return;
    }
    cursors.put(delivery.lane(), new InboxCursor(delivery.incarnation(), delivery.sequence()));
    applied++;
    if (reading.failure() != null) {
      setAside(reading, reading.failure());
      tellRefused(reading);
      return;
    }
    try {
      if (reading.ask().input() instanceof Input.BreakerChanged changed) {
        breakers.changed(lane.lane, reading.ask().message().namespace(), changed.breaker());
        return;
      }
      boolean accepted = asks.answer(reading.ask());
      if (accepted && reading.ask().claimNext() != null) {
        claimers.add(asks.answers().getLast());
      }
    } catch (RuntimeException e) {
      setAside(reading, e);
      asks.poisoned(reading.ask());
    }
  }

  private void setAside(Plan.Reading reading, Throwable cause) {
    Command.Delivery delivery = reading.delivery();
    Changes.PoisonRow row = Poison.row(delivery, cause, nowMs);
    poison.add(row);
    observer.poisoned(delivery.lane(), delivery.sequence(), row.cause());
  }

  /** What could be read has a sender, who is told; bytes that are no message have none. */
  private void tellRefused(Plan.Reading reading) {
    if (reading.storable()) {
      asks.refused(reading.ask());
    } else if (reading.ask() != null) {
      asks.refusedUnrecorded(reading.ask());
    }
  }

  private void heartbeat(Command.HeartbeatAsked asked) {
    if (!state.lanes.containsKey(asked.heartbeat().attemptId().lane())) {
      return;
    }
    try {
      leases.heartbeat(asked);
    } catch (RuntimeException e) {
      observer.heartbeatFailed(asked.heartbeat().attemptId(), e);
    }
  }

  private void expire(Store.Lease lease) {
    try {
      leases.expire(lease);
    } catch (RuntimeException e) {
      ledger.endOrphan(lease.attemptId());
      observer.decisionFailed(lease.runUid(), e);
    }
  }

  private void retry(Command.RetryOverdue overdue) {
    if (!state.lanes.containsKey(overdue.lane())) {
      return;
    }
    try {
      leases.retry(overdue);
    } catch (RuntimeException e) {
      observer.decisionFailed(overdue.runUid(), e);
    }
  }

  /**
   * A claim that was granted before is answered with its live leases; any other is parked, unless
   * its worker is to take nothing more.
   */
  private void park(ParkedClaim claim) {
    sightings.claimed(claim.request(), nowMs);
    List<Store.Lease> earlier = found.claims().get(claim.name());
    if (earlier == null && state.drains(claim.request())) {
      draining.add(claim);
      return;
    }
    if (earlier == null) {
      state.parked.park(claim);
      return;
    }
    state.parked.remove(claim);
    repeatedClaims.put(claim, liveTasks(earlier, claim.request().actor()));
  }

  /** Only what the asker was granted: a claim's name is no secret, and the answer holds fences. */
  private List<Claim.GrantedTask> liveTasks(List<Store.Lease> leases, Actor asker) {
    List<Claim.GrantedTask> tasks = new ArrayList<>();
    for (Store.Lease lease : leases) {
      if (!lease.ended()) {
        describe(lease, asker, tasks);
      }
    }
    return tasks;
  }

  private void describe(Store.Lease lease, Actor asker, List<Claim.GrantedTask> tasks) {
    try {
      RunState run = ledger.head(lease.runUid()).state();
      run.taskOf(lease.attemptId())
          .filter(task -> task.maySpeak(asker))
          .ifPresent(task -> tasks.add(Dispatcher.describe(run, task, lease.expiresAtMs())));
    } catch (RuntimeException e) {
      observer.decisionFailed(lease.runUid(), e);
    }
  }

  private void dispatch(Store.Transaction transaction) {
    limiter = new Limiter(state, ledger, transaction, nowMs);
    dispatcher =
        new Dispatcher(
            ledger,
            state.ready,
            state.remote,
            limiter,
            breakers,
            transaction,
            new BatchBudget(limits, clock, ledger),
            nowMs,
            this::asked,
            observer::decisionFailed);
    Turns<NamespaceId, Runnable> turns = turns();
    for (Optional<Runnable> turn = turns.next(); turn.isPresent(); turn = turns.next()) {
      if (!dispatcher.spent()) {
        state.servedLast = turns.last();
      }
      turn.get().run();
    }
    dispatcher.share(state.parked);
  }

  /** One claim of each namespace after the other, and of each queue within it; reports first. */
  private Turns<NamespaceId, Runnable> turns() {
    Turns<NamespaceId, Runnable> turns = new Turns<>(state.servedLast);
    for (Answer claimer : claimers) {
      turns.add(claimer.ask().message().namespace(), () -> grantNext(claimer));
    }
    Set<QueueKey> queues = state.ready.queues();
    Turns<QueueKey, ParkedClaim> claims = new Turns<>(null);
    for (QueueKey queue : queues) {
      state.parked.of(queue).forEach(claim -> claims.add(queue, claim));
    }
    // Nothing is ready for these here, but maybe elsewhere.
    plan.claims().stream()
        .filter(claim -> !queues.contains(claim.key()))
        .forEach(claim -> claims.add(claim.key(), claim));
    for (Optional<ParkedClaim> c = claims.next(); c.isPresent(); c = claims.next()) {
      ParkedClaim claim = c.get();
      turns.add(claim.key().namespace(), () -> dispatcher.grantTo(claim));
    }
    return turns;
  }

  /** How many tasks of each queue the claims of this batch would take. */
  private Map<QueueKey, Integer> asked() {
    Map<QueueKey, Integer> tasks = new LinkedHashMap<>();
    claimers.forEach(claimer -> add(claimer.ask().claimNext(), tasks));
    state.ready.queues().stream()
        .flatMap(queue -> state.parked.of(queue).stream())
        .forEach(claim -> add(claim.request(), tasks));
    return tasks;
  }

  private static void add(Claim.Request request, Map<QueueKey, Integer> tasks) {
    tasks.merge(
        new QueueKey(request.namespace(), request.queue()), request.maxTasks(), Integer::sum);
  }

  /** Whether grants were left to the next batch, which must follow at once. */
  boolean unfinished() {
    return limiter.unfinished();
  }

  /** The slots that the batch gave back and did not give away again. */
  Map<LimitKey, Integer> freed() {
    return limiter.leftOver();
  }

  /** A claim that came with a report and was granted before gets its live leases, no others. */
  private void grantNext(Answer claimer) {
    Claim.Request next = claimer.ask().claimNext();
    sightings.claimed(next, nowMs);
    List<Store.Lease> earlier = found.claims().get(Store.ClaimName.of(next));
    if (earlier != null) {
      liveTasks(earlier, claimer.ask().message().actor()).forEach(claimer::grant);
    } else if (!state.drains(next)) {
      dispatcher.grantTo(claimer);
    }
  }

  private Changes changes() {
    List<Changes.LaneRow> lanes = new ArrayList<>();
    Set<Lane> touched = new HashSet<>(ledger.touchedLanes());
    touched.addAll(cursors.keySet());
    for (Lane lane : touched) {
      LaneState owned = state.lanes.get(lane);
      lanes.add(
          new Changes.LaneRow(
              lane, ledger.position(owned), cursors.getOrDefault(lane, owned.cursor)));
    }
    List<Changes.EndedLease> ended =
        ledger.ended().stream().map(id -> new Changes.EndedLease(id, nowMs)).toList();
    return new Changes(
        ledger.journal(),
        ledger.runRows(),
        ledger.taskRows(),
        ledger.granted(),
        leases.renewals(),
        ended,
        limiter.permits(),
        limiter.rates(),
        asks.answerRows(),
        asks.operationRows(),
        asks.lateReports(),
        poison,
        lanes,
        breakers.rows(),
        republications.rewinds());
  }

  /** Nothing was written. */
  void undo() {
    ledger.undo();
  }

  /** The batch is durable: show it to everybody who waits. */
  void follow(Changes changes, Inbox inbox, Publisher publisher, Replies replies) {
    for (Changes.LaneRow row : changes.lanes()) {
      LaneState lane = state.lanes.get(row.lane());
      lane.position = row.position();
      lane.cursor = row.cursor();
    }
    ledger.publishTo(state.cache);
    changes.breakers().forEach(state.breakers::put);
    answer(replies);
    Map<Lane, List<JournalRow>> rows = new TreeMap<>();
    for (Changes.JournalLine line : changes.journal()) {
      rows.computeIfAbsent(line.row().lane(), k -> new ArrayList<>()).add(line.row());
    }
    state.lanes.values().forEach(lane -> startReading(lane, inbox, publisher));
    rows.forEach(publisher::committed);
    changes.rewinds().forEach(rewind -> publisher.rewound(rewind.lane()));
  }

  private void startReading(LaneState lane, Inbox inbox, Publisher publisher) {
    if (lane.open && lane.reader == 0) {
      lane.reader = state.nextReader();
      observer.laneOpened(lane.lane, lane.epoch);
      publisher.open(lane.lane, lane.epoch);
      inbox.open(lane.lane, lane.reader, lane.cursor);
    } else if (found.opened().containsKey(lane.lane)) {
      // A commit whose answer was lost was never handed over, and no row may follow to tell.
      publisher.rewound(lane.lane);
    }
  }

  private void answer(Replies replies) {
    for (Answer answer : asks.answersToSend()) {
      if (answer.ask().message().replyTo() != null) {
        replies.outcome(answer.ask().message().replyTo(), answer.outcome());
      }
    }
    dispatcher
        .granted()
        .forEach((claim, tasks) -> {
          state.parked.remove(claim);
          replies.claim(claim.replyTo(), Claim.Reply.of(tasks));
        });
    dispatcher.moving().forEach((claim, replica) -> move(claim, replica, replies));
    draining.forEach(claim -> {
      state.parked.remove(claim);
      replies.claim(claim.replyTo(), Claim.Reply.drain());
    });
    repeatedClaims.forEach((claim, tasks) -> replies.claim(claim.replyTo(), Claim.Reply.of(tasks)));
    leases.replies().forEach(reply -> replies.heartbeat(reply.replyTo(), reply.reply()));
  }

  /** Unless it was granted after all, by a report that asked under the same name. */
  private void move(ParkedClaim claim, String replica, Replies replies) {
    if (state.parked.remove(claim)) {
      replies.forward(replica, claim.request(), claim.replyTo());
    }
  }

  int applied() {
    return applied;
  }
}
