package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one batch is about to do: the commands it took, understood as far as they can be without the
 * store.
 *
 * @param claims new claims, and parked ones that must be looked up again
 */
record Plan(
    List<Reading> readings,
    List<Command.HeartbeatAsked> heartbeats,
    List<Command.RetryOverdue> overdue,
    List<ParkedClaim> claims) {

  /**
   * A delivery and what was read in it.
   *
   * @param ask null when the message could not be read
   * @param failure why it goes to the poison table, or null
   * @param storable whether the store can be asked about it and told its answer
   */
  record Reading(Command.Delivery delivery, Ask ask, Throwable failure, boolean storable) {}

  /**
   * Reads the commands.
   *
   * @param condemned what is to be set aside, or null
   */
  static Plan of(Collection<Command> commands, Condemned condemned) {
    Plan plan =
        new Plan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Command command : commands) {
      switch (command) {
        case Command.Delivery d -> plan.readings.add(read(d, condemned));
        case Command.HeartbeatAsked h -> plan.heartbeats.add(h);
        case Command.RetryOverdue o -> plan.overdue.add(o);
        case Command.ClaimAsked c ->
            plan.claims.add(new ParkedClaim(c.request(), c.replyTo(), c.moved()));
        case Command.HintSeen h -> throw misplaced(h);
        case Command.FreedSeen f -> throw misplaced(f);
        case Command.Reindex r -> throw misplaced(r);
        case Command.DrainsChanged d -> throw misplaced(d);
        case Command.LaneGained l -> throw misplaced(l);
        case Command.LaneLost l -> throw misplaced(l);
        case Command.LaneRelease l -> throw misplaced(l);
      }
    }
    return plan;
  }

  private static IllegalStateException misplaced(Command command) {
    return new IllegalStateException(command.getClass().getSimpleName() + " is no part of a batch");
  }

  private static Reading read(Command.Delivery delivery, Condemned condemned) {
    try {
      Ask ask = Ask.read(delivery);
      return condemned != null && condemned.delivery().equals(delivery)
          ? new Reading(delivery, ask, condemned.cause(), condemned.recordable())
          : new Reading(delivery, ask, null, true);
    } catch (RuntimeException | StackOverflowError e) {
      return new Reading(delivery, null, e, false);
    }
  }

  /**
   * What the batch must know, less what the cache knows already.
   *
   * @param recheck whether some claim turned out to be granted before, so that those that came with
   *     reports are looked up as well
   */
  Store.Wanted wanted(WriterState state, boolean sweep, boolean recheck, long nowMs) {
    Set<Lane> opening = new HashSet<>();
    state.lanes.values().stream().filter(l -> !l.open).forEach(l -> opening.add(l.lane));
    Store.Wanted wanted =
        new Store.Wanted(
            nowMs,
            opening,
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            sweep ? state.openLanes() : Set.of(),
            sweep || !opening.isEmpty() ? (Long) state.limits.version() : null);
    for (Reading reading : readings) {
      if (reading.storable()) {
        want(reading.ask(), state.cache, wanted);
        if (recheck && reading.ask().claimNext() != null) {
          wanted.claims().add(Store.ClaimName.of(reading.ask().claimNext()));
        }
      }
    }
    heartbeats.forEach(h -> want(h.heartbeat().attemptId(), state.cache, wanted));
    claims.forEach(claim -> wanted.claims().add(claim.name()));
    return wanted;
  }

  private static void want(Ask ask, RunCache cache, Store.Wanted wanted) {
    if (ask.answerKey() != null) {
      wanted.answers().add(ask.answerKey());
    }
    if (ask.answerKey() == null || ask.message().idempotency().derived()) {
      // No answer row need tell of the same message published twice, its operation's does.
      wanted.operations().add(ask.operation());
    }
    if (ask.runName() != null && cache.named(ask.runName()) == null) {
      wanted.runs().add(ask.runName());
    }
    if (ask.message().attemptId() != null) {
      want(ask.message().attemptId(), cache, wanted);
    }
  }

  private static void want(AttemptId attemptId, RunCache cache, Store.Wanted wanted) {
    if (cache.ofAttempt(attemptId) == null) {
      wanted.attempts().add(attemptId);
    }
  }

  /** Some of the trace contexts its inputs came with. */
  List<String> traceparents() {
    Stream<String> asked =
        readings.stream()
            .filter(reading -> reading.ask() != null)
            .map(reading -> reading.ask().message().traceparent());
    Stream<String> claimed = claims.stream().map(claim -> claim.request().traceparent());
    return Stream.concat(asked, claimed).filter(Objects::nonNull).limit(32).toList();
  }
}
