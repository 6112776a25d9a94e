package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.PolicySet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The single writer of every lane this replica owns. Each turn takes what waits, decides it inside
 * one fenced transaction, and only after the commit changes what it remembers and answers. Claims
 * are parked here and answered on the very commit that makes a task ready.
 *
 * <p>Whatever a turn throws, the writer goes on: it trusts nothing it remembers, reads its lanes
 * from the store again and their inboxes from where the store has applied them.
 *
 * <p>All methods but {@link #stop} are for one thread.
 */
public final class LaneWriter implements Runnable {

  /**
   * How the writer paces itself.
   *
   * @param maxBatch commands of one transaction
   * @param cacheWeight runs plus tasks kept in memory
   * @param sweepEveryMs how often expired leases and held-back tasks are looked at
   * @param outageMs a pause between sweeps that counts as an outage: leases gain a term
   * @param hintEveryMs how often one queue is announced to the other replicas
   * @param maxBackoffMs the longest pause after failed transactions
   * @param limits of the inputs, and then of the grants, of one transaction
   */
  public record Pace(
      int maxBatch,
      int cacheWeight,
      long sweepEveryMs,
      long outageMs,
      long hintEveryMs,
      long maxBackoffMs,
      BatchBudget.Limits limits) {
    public static final Pace DEFAULT =
        new Pace(500, 400_000, 250, 10_000, 200, 2_000, BatchBudget.Limits.DEFAULT);

    /** The same pace with another batch and cache. */
    public Pace with(int otherMaxBatch, int otherCacheWeight) {
      return new Pace(
          otherMaxBatch,
          otherCacheWeight,
          sweepEveryMs,
          outageMs,
          hintEveryMs,
          maxBackoffMs,
          limits);
    }
  }

  /** What a turn came to. */
  public enum Turn {
    IDLE,
    WORKED,
    FAILED
  }

  private final Store store;
  private final Replies replies;
  private final Inbox inbox;
  private final Publisher publisher;
  private final Sightings sightings;
  private final Clock clock;
  private final Mailbox mailbox;
  private final Supplier<PolicySet> policies;
  private final WriterObserver observer;
  private final Pace pace;
  private final WriterState state;
  private final Hints hints;
  private final Deque<Command> incoming = new ArrayDeque<>();
  private final List<Command> pending = new ArrayList<>();
  private int limit;
  private boolean recheckClaims;

  /** Whether tasks may be granted that were held back or left over. */
  private boolean grantable;

  private Condemned condemned;
  private long sweptAtMs;
  private long idleMs = 1;
  private int failures;
  private Throwable broken;
  private volatile boolean stopped;
  private volatile long turnedAtNs = System.nanoTime();
  private volatile int parkedClaims;
  private volatile int lanesOwned;

  public LaneWriter(
      String replicaId,
      Ports ports,
      Mailbox mailbox,
      Supplier<PolicySet> policies,
      WriterObserver observer,
      Pace pace) {
    this(replicaId, ports, mailbox, policies, observer, pace, Kernel::step);
  }

  LaneWriter(
      String replicaId,
      Ports ports,
      Mailbox mailbox,
      Supplier<PolicySet> policies,
      WriterObserver observer,
      Pace pace,
      Decide kernel) {
    this.store = ports.store();
    this.replies = ports.replies();
    this.inbox = ports.inbox();
    this.publisher = ports.publisher();
    this.sightings = ports.sightings();
    this.clock = ports.clock();
    this.mailbox = mailbox;
    this.policies = policies;
    this.observer = observer;
    this.pace = pace;
    this.limit = pace.maxBatch();
    this.state = new WriterState(pace.cacheWeight(), inbox, publisher, observer, kernel);
    this.hints = new Hints(replicaId, replies, pace.hintEveryMs());
  }

  /** What the writer needs of the world. */
  public record Ports(
      Inbox inbox,
      Store store,
      Publisher publisher,
      Replies replies,
      Sightings sightings,
      Clock clock) {}

  /** Turns until stopped. */
  @Override
  public void run() {
    try {
      while (!stopped) {
        Turn turn = turn();
        if (turn == Turn.FAILED) {
          Thread.sleep(Math.min(pace.maxBackoffMs(), 20L << Math.min(failures, 10)));
        } else if (turn == Turn.IDLE) {
          mailbox.await(idleMs);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends {@link #run} after the turn under way. */
  public void stop() {
    stopped = true;
  }

  private long idleMs(long now) {
    long wake = Math.min(sweptAtMs + pace.sweepEveryMs(), state.parked.nextExpiryMs());
    wake = Math.min(wake, state.heldBack.nextDueMs());
    return Math.clamp(wake - now, 1, pace.sweepEveryMs());
  }

  /** One turn: at most one transaction. Never throws. */
  // Whatever it is, an owned lane that nobody writes is worse.
  public Turn turn() {
    try {
      Turn turn = step();
      turnedAtNs = System.nanoTime();
      return turn;
    } catch (Throwable e) {
      broken = e;
      failures++;
      return Turn.FAILED;
    } finally {
      parkedClaims = state.parked.size();
      lanesOwned = state.lanes.size();
    }
  }

  private Turn step() {
    if (broken != null) {
      beginAnew();
    }
    take();
    long now = clock.nowMs();
    state
        .parked
        .expire(now)
        .forEach(claim -> replies.claim(claim.replyTo(), Claim.Reply.of(List.of())));
    boolean sweep = now - sweptAtMs >= pace.sweepEveryMs() && !state.lanes.isEmpty();
    boolean opening = state.lanes.values().stream().anyMatch(lane -> !lane.open);
    boolean telling = !state.breakers.allTold();
    if (state.heldBack.releaseDue(now, state.ready)) {
      grantable = true;
    }
    if (pending.isEmpty() && !sweep && !opening && !telling && !grantable) {
      idleMs = idleMs(now);
      return Turn.IDLE;
    }
    if (sweep && sweptAtMs > 0 && now - sweptAtMs > pace.outageMs()) {
      state.lanes.values().forEach(lane -> lane.open = false);
      state.ready.clear();
    }
    List<Command> taken = List.copyOf(pending.subList(0, Math.min(limit, pending.size())));
    return attempt(taken, sweep, now);
  }

  /**
   * Deliveries come again by new readers. Who asked for something else is kept, unless a second
   * failure says that it may be the cause; it asks again.
   */
  private void beginAnew() {
    state.beginAnew();
    pending.removeIf(Command.Delivery.class::isInstance);
    if (failures > 1) {
      pending.clear();
      state.parked.clear();
    }
    recheckClaims = true;
    condemned = null;
    Throwable cause = broken;
    broken = null;
    observer.broke(cause);
  }

  /** One by one, so that a failure costs no more than the command it came with. */
  private void take() {
    mailbox.drainTo(
        incoming,
        pace.maxBatch() - pending.size() - incoming.size(),
        pending.stream().mapToLong(Command::bytes).sum());
    for (Command command = incoming.poll(); command != null; command = incoming.poll()) {
      switch (command) {
        case Command.LaneGained gained -> state.gain(gained.lane(), gained.epoch());
        case Command.LaneLost lost -> let(lost.lane(), lost.epoch());
        case Command.LaneRelease release -> {
          let(release.lane(), release.epoch());
          release.released().run();
        }
        case Command.Reindex reindex -> state.reindex(reindex.tasks());
        case Command.HintSeen seen -> hints.follow(seen.hint(), state, clock.nowMs());
        case Command.DrainsChanged changed -> drain(changed.drains());
        case Command.FreedSeen seen -> grantable = hints.follow(seen.hint(), state) || grantable;
        case Command.Delivery delivery -> pending.add(delivery);
        case Command.ClaimAsked asked -> pending.add(asked);
        case Command.HeartbeatAsked asked -> pending.add(asked);
        case Command.RetryOverdue overdue -> pending.add(overdue);
      }
    }
  }

  private void let(Lane lane, long epoch) {
    LaneState owned = state.lanes.get(lane);
    if (owned != null && owned.epoch == epoch) {
      state.drop(lane);
    }
  }

  /** Who waits here and drains now is told at once; whoever asks from now on as well. */
  private void drain(Drains drains) {
    state.drains = drains;
    for (ParkedClaim claim : state.parked.all()) {
      if (state.drains(claim.request())) {
        state.parked.remove(claim);
        replies.claim(claim.replyTo(), Claim.Reply.drain());
      }
    }
  }

  private Turn attempt(List<Command> taken, boolean sweep, long now) {
    Plan plan = Plan.of(taken, condemned);
    Batch batch = new Batch(state, plan, policies, sightings, observer, pace.limits(), clock, now);
    if (recheckClaims) {
      plan.claims().addAll(state.parked.all());
    }
    if (sweep) {
      state.heldBack.sweep(state.ready);
    }
    try (WriterObserver.Scope scope = observer.batch(plan::traceparents)) {
      scope.committed(commit(batch, plan, sweep, now));
      settled(taken.size(), batch, sweep, now);
      return Turn.WORKED;
    } catch (StoreException e) {
      failed(e, taken);
      return Turn.FAILED;
    }
  }

  private WriterObserver.BatchReport commit(Batch batch, Plan plan, boolean sweep, long now) {
    long begun = System.nanoTime();
    Changes changes;
    long decided;
    try (Store.Transaction transaction =
        store.begin(state.epochs(), plan.wanted(state, sweep, recheckClaims, now))) {
      changes = batch.decide(transaction);
      decided = System.nanoTime();
      transaction.commit(changes);
    } catch (OutOfMemoryError e) {
      // Any other failure some input is to blame for.
      throw e;
    } catch (RuntimeException | Error e) {
      batch.undo();
      throw e instanceof StoreException known
          ? known
          : new StoreException(StoreException.Kind.REFUSED, e);
    }
    long done = System.nanoTime();
    batch.follow(changes, inbox, publisher, replies);
    return new WriterObserver.BatchReport(
        batch.applied(),
        changes.journal().size(),
        changes.granted().size(),
        done - begun,
        done - decided,
        changes);
  }

  private void settled(int taken, Batch batch, boolean sweep, long now) {
    pending.subList(0, taken).clear();
    pending.addAll(0, batch.undecided());
    grantable = batch.unfinished();
    limit = Math.min(pace.maxBatch(), limit * 2);
    recheckClaims = false;
    condemned = null;
    failures = 0;
    if (sweep) {
      sweptAtMs = now;
    }
    hints.announce(batch.freed());
    hints.announce(state, now);
  }

  /** Decides how to go on; what was taken stays pending, so that it is decided again. */
  private void failed(StoreException failure, List<Command> taken) {
    observer.failed(failure);
    failures++;
    switch (failure.kind()) {
      case CONFLICT -> recheckClaims = true;
      case REFUSED -> narrow(failure, taken);
      case UNKNOWN -> {
        // It may have been too much for the time a transaction has.
        limit = Math.max(1, taken.size() / 2);
        state.forget();
      }
    }
  }

  /** Halves the batch until the input to blame is alone, then sets that one aside. */
  private void narrow(StoreException failure, List<Command> taken) {
    if (taken.size() > 1) {
      limit = taken.size() / 2;
    } else if (taken.size() == 1 && taken.getFirst() instanceof Command.Delivery delivery) {
      condemned = Condemned.after(condemned, delivery, failure);
    } else {
      // A claim, a heartbeat or a sweep cannot be stored: its asker repeats, the lanes go on.
      pending.subList(0, taken.size()).clear();
      state.forget();
    }
  }

  /** Milliseconds since the last turn that nothing unforeseen ended; for any thread. */
  public long sinceTurnMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - turnedAtNs);
  }

  /** Claims that wait here, as of the last turn; for any thread. */
  public int parkedClaims() {
    return parkedClaims;
  }

  /** Lanes written here, as of the last turn; for any thread. */
  public int lanesOwned() {
    return lanesOwned;
  }
}
