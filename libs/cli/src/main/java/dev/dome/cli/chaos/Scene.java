package dev.dome.cli.chaos;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.RetryPolicy;
import dev.dome.devstack.DevstackException;
import dev.dome.devstack.LaneTable;
import dev.dome.devstack.StackState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A stack under load, as a fault meets it. */
record Scene(ChaosStack stack, Load load, LaneTable lanes, int laneCount) {
  private static final long LOOK_EVERY_MS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  static Scene of(ChaosStack stack, Load load) {
    LaneTable lanes = stack.lanes();
    return new Scene(stack, load, lanes, lanes.lanes());
  }

  /** A fault that did not end in time. */
  static final class NotRecoveredException extends Exception {
    private static final long serialVersionUID = 1L;

    NotRecoveredException(String message) {
      super(message);
    }
  }

  static double secondsSince(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }

  /**
   * Waits until every lane has an owner and the victim has none.
   *
   * @return seconds since the moment
   */
  double takeover(String victim, long sinceNanos)
      throws InterruptedException, NotRecoveredException {
    await(
        "lanes of " + victim + " were not taken over",
        sinceNanos,
        () -> {
          List<String> owners = lanes.owners();
          return owners.size() == laneCount && !owners.contains(victim);
        });
    return secondsSince(sinceNanos);
  }

  /**
   * Waits until one run of every lane went from its submission to its promotion.
   *
   * @return seconds since the moment
   */
  double service(long sinceNanos) throws InterruptedException, NotRecoveredException {
    Set<String> open = load.canaries(laneCount);
    try (DomeClient reader = stack.client(RetryPolicy.DEFAULT.within(Duration.ZERO), "auditor")) {
      await(
          "runs were not promoted",
          sinceNanos,
          () -> {
            open.removeIf(runId -> reader.run(runId).status().isFinal());
            return open.isEmpty();
          });
    }
    return secondsSince(sinceNanos);
  }

  /** As {@link #service}, and then waits until every service says that it is ready. */
  double recovery(long sinceNanos) throws InterruptedException, NotRecoveredException {
    double seconds = service(sinceNanos);
    awaitReady();
    return seconds;
  }

  /** Waits until every service says that it is ready. */
  void awaitReady() throws InterruptedException, NotRecoveredException {
    await("a service is not ready", System.nanoTime(), this::allReady);
  }

  private boolean allReady() {
    return stack.stack().state().members().stream()
        .noneMatch(member -> member.health().equals(StackState.NOT_READY));
  }

  /** Lets the load go on for a while. */
  void hold(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(String otherwise, long sinceNanos, Condition condition)
      throws InterruptedException, NotRecoveredException {
    while (!holds(condition)) {
      if (System.nanoTime() - sinceNanos > PATIENCE.toNanos()) {
        throw new NotRecoveredException(otherwise + " within " + PATIENCE.toSeconds() + " s");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }
  }

  /** Servers may be away while they are asked; that is not yet an answer. */
  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (DevstackException | DomeException e) {
      return false;
    }
  }
}
