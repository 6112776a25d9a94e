package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.PolicySet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The single writer of every lane this replica owns. Each turn takes what waits, decides it inside
 * one fenced transaction, and only after the commit changes what it remembers and answers. Claims
 * are parked here and answered on the very commit that makes a task ready.
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
   */
  public record Pace(
      int maxBatch,
      int cacheWeight,
      long sweepEveryMs,
      long outageMs,
      long hintEveryMs,
      long maxBackoffMs) {
    public static final Pace DEFAULT = new Pace(500, 400_000, 250, 10_000, 200, 2_000);

    /** The same pace with another batch and cache. */
    public Pace with(int otherMaxBatch, int otherCacheWeight) {
      return new Pace(
          otherMaxBatch, otherCacheWeight, sweepEveryMs, outageMs, hintEveryMs, maxBackoffMs);
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
  private final Clock clock;
  private final Mailbox mailbox;
  private final Supplier<PolicySet> policies;
  private final WriterObserver observer;
  private final Pace pace;
  private final WriterState state;
  private final Hints hints;
  private final List<Command> pending = new ArrayList<>();
  private int limit;
  private boolean recheckClaims;
  private Condemned condemned;
  private long sweptAtMs;
  private int failures;
  private volatile boolean stopped;
  private volatile int parkedClaims;
  private volatile int lanesOwned;

  public LaneWriter(
      String replicaId,
      Ports ports,
      Mailbox mailbox,
      Supplier<PolicySet> policies,
      WriterObserver observer,
      Pace pace) {
    this.store = ports.store();
    this.replies = ports.replies();
    this.inbox = ports.inbox();
    this.publisher = ports.publisher();
    this.clock = ports.clock();
    this.mailbox = mailbox;
    this.policies = policies;
    this.observer = observer;
    this.pace = pace;
    this.limit = pace.maxBatch();
    this.state = new WriterState(pace.cacheWeight(), inbox, publisher, observer);
    this.hints = new Hints(replicaId, replies, pace.hintEveryMs());
  }

  /** The five ports. */
  public record Ports(
      Inbox inbox, Store store, Publisher publisher, Replies replies, Clock clock) {}

  /** Turns until stopped. */
  @Override
  public void run() {
    try {
      while (!stopped) {
        Turn turn = turn();
        if (turn == Turn.FAILED) {
          Thread.sleep(Math.min(pace.maxBackoffMs(), 20L << Math.min(failures, 10)));
        } else if (turn == Turn.IDLE) {
          mailbox.await(idleMs());
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

  private long idleMs() {
    long now = clock.nowMs();
    long wake = Math.min(sweptAtMs + pace.sweepEveryMs(), state.parked.nextExpiryMs());
    return Math.clamp(wake - now, 1, pace.sweepEveryMs());
  }

  /** One turn: at most one transaction. */
  public Turn turn() {
    Turn turn = step();
    parkedClaims = state.parked.size();
    lanesOwned = state.lanes.size();
    return turn;
  }

  private Turn step() {
    take();
    long now = clock.nowMs();
    state
        .parked
        .expire(now)
        .forEach(claim -> replies.claim(claim.replyTo(), new Claim.Reply(List.of(), null, null)));
    boolean sweep = now - sweptAtMs >= pace.sweepEveryMs() && !state.lanes.isEmpty();
    boolean opening = state.lanes.values().stream().anyMatch(lane -> !lane.open);
    boolean telling = !state.breakers.allTold();
    if (pending.isEmpty() && !sweep && !opening && !telling) {
      return Turn.IDLE;
    }
    if (sweep && sweptAtMs > 0 && now - sweptAtMs > pace.outageMs()) {
      state.lanes.values().forEach(lane -> lane.open = false);
      state.ready.clear();
    }
    List<Command> taken = List.copyOf(pending.subList(0, Math.min(limit, pending.size())));
    return attempt(taken, sweep, now);
  }

  private void take() {
    List<Command> incoming = new ArrayList<>();
    mailbox.drainTo(incoming, pace.maxBatch() - pending.size());
    for (Command command : incoming) {
      switch (command) {
        case Command.LaneGained gained -> state.gain(gained.lane(), gained.epoch());
        case Command.LaneLost lost -> let(lost.lane(), lost.epoch());
        case Command.LaneRelease release -> {
          let(release.lane(), release.epoch());
          release.released().run();
        }
        case Command.Reindex reindex -> state.reindex(reindex.tasks());
        case Command.HintSeen seen -> hints.follow(seen.hint(), state);
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

  private Turn attempt(List<Command> taken, boolean sweep, long now) {
    Plan plan = Plan.of(taken, condemned);
    if (recheckClaims) {
      plan.claims().addAll(state.parked.all());
    }
    if (sweep) {
      state.heldBack.returnTo(state.ready);
    }
    try (WriterObserver.Scope scope = observer.batch(plan::traceparents)) {
      scope.committed(commit(plan, sweep, now));
      settled(taken.size(), sweep, now);
      return Turn.WORKED;
    } catch (StoreException e) {
      failed(e, taken);
      return Turn.FAILED;
    }
  }

  private WriterObserver.BatchReport commit(Plan plan, boolean sweep, long now) {
    Batch batch = new Batch(state, plan, policies, observer, now);
    long begun = System.nanoTime();
    Changes changes;
    long decided;
    try (Store.Transaction transaction =
        store.begin(state.epochs(), plan.wanted(state, sweep, recheckClaims, now))) {
      changes = batch.decide(transaction);
      decided = System.nanoTime();
      transaction.commit(changes);
    } catch (RuntimeException e) {
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

  private void settled(int taken, boolean sweep, long now) {
    pending.subList(0, taken).clear();
    limit = Math.min(pace.maxBatch(), limit * 2);
    recheckClaims = false;
    condemned = null;
    failures = 0;
    if (sweep) {
      sweptAtMs = now;
    }
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

  /** Claims that wait here, as of the last turn; for any thread. */
  public int parkedClaims() {
    return parkedClaims;
  }

  /** Lanes written here, as of the last turn; for any thread. */
  public int lanesOwned() {
    return lanesOwned;
  }
}
