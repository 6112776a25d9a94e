package dev.dome.statecontroller.application;

import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.RunStatus;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The end of a life: nothing fails any more, workers take all there is and pass it, and every run
 * must become final, or wait for a human and say so; those who wait for a human end when their time
 * is over.
 */
final class SimulatedRest {
  /** Unchanged for so long, a run must have a reason to wait; as housekeeping has it. */
  static final long STILL_MS = 30_000;

  private static final long ROUND_MS = 5_000;

  /** Limits of one task in three seconds are what takes longest. */
  private static final int MOST_ROUNDS = 400;

  private static final int MOST_TURNS = 5_000;
  private static final long LONGER_THAN_AN_APPROVAL_MS = 8L * 24 * 60 * 60 * 1_000;

  private final Simulation life;

  /** What it moves. */
  record Parts(
      MemoryStore store,
      SimulatedInbox.Stream stream,
      List<Simulation.LiveReplica> replicas,
      SimulatedClients clients,
      List<SimulatedInbox.Undelivered> dropped,
      Follower follower,
      Supplier<String> operations) {}

  SimulatedRest(Simulation life) {
    this.life = life;
  }

  void come() {
    Parts parts = life.parts();
    parts.dropped().forEach(one -> life.send(one.lane(), one.message()));
    life.breaker(BreakerPhase.CLOSED);
    until(
        parts,
        "final or with a human",
        status -> status.isFinal() || status == RunStatus.AWAITING_APPROVAL);
    life.advance(LONGER_THAN_AN_APPROVAL_MS);
    until(parts, "final", RunStatus::isFinal);
    for (Simulation.LiveReplica replica : parts.replicas()) {
      replica.publisher().checkIncarnation();
      for (int i = 0; i < 20; i++) {
        replica.publisher().round();
      }
    }
    follow(parts);
  }

  private void until(Parts parts, String what, Predicate<RunStatus> atRest) {
    for (int round = 0; !finished(parts, atRest); round++) {
      if (round == MOST_ROUNDS) {
        throw new AssertionError("not every run is " + what + ": " + open(parts, atRest));
      }
      round(parts);
      life.raise();
    }
  }

  private static boolean finished(Parts parts, Predicate<RunStatus> atRest) {
    return parts.replicas().stream().allMatch(replica -> replica.mailbox().size() == 0)
        && parts.stream().applied(parts.store().cursors)
        && parts.store().runs.values().stream().allMatch(row -> atRest.test(row.state().status()));
  }

  private static List<String> open(Parts parts, Predicate<RunStatus> atRest) {
    return parts.store().runs.values().stream()
        .filter(row -> !atRest.test(row.state().status()))
        .map(row -> row.state().runId() + " is " + row.state().status())
        .toList();
  }

  private void round(Parts parts) {
    life.advance(ROUND_MS);
    for (Changes.RunRow row : List.copyOf(parts.store().runs.values())) {
      if (row.state().paused() && !row.state().status().isFinal()) {
        life.send(
            row.state().lane(),
            Messages.resume(parts.operations().get(), Simulation.NAMESPACE, row.state().runId()));
      }
    }
    for (Simulation.LiveReplica replica : parts.replicas()) {
      String id = life.nextClaim();
      replica
          .mailbox()
          .offer(
              new Command.ClaimAsked(
                  Messages.claim(Simulation.NAMESPACE, id, 5, life.nowMs() + 1_000), id));
    }
    life.keepHouse();
    drain(parts);
    parts
        .clients()
        .held
        .forEach(task ->
            life.send(
                task.attemptId().lane(),
                Messages.report(
                    parts.operations().get(),
                    Simulation.NAMESPACE,
                    task,
                    Messages.pass(task.taskId()),
                    null)));
    parts.clients().held.clear();
    drain(parts);
    life.wakeZombies();
    follow(parts);
  }

  private void follow(Parts parts) {
    for (Simulation.LiveReplica replica : parts.replicas()) {
      replica.publisher().checkIncarnation();
      replica.publisher().round();
    }
    for (int i = 0; parts.follower().heal(); i++) {
      life.raise();
      if (i > MOST_TURNS) {
        throw new AssertionError("who follows the journal does not come to rest");
      }
    }
    parts.follower().check();
  }

  private void drain(Parts parts) {
    for (Simulation.LiveReplica replica : parts.replicas()) {
      replica.inbox().bringAll();
      for (int i = 0; replica.writer().turn() != LaneWriter.Turn.IDLE; i++) {
        life.checkLimits();
        life.raise();
        replica.inbox().bringAll();
        if (i > MOST_TURNS) {
          throw new AssertionError("the writer does not come to rest: some input stops its lane");
        }
      }
    }
    life.relay();
  }
}
