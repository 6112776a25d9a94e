package dev.dome.simulation;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.JournalBatch;
import dev.dome.retryscheduler.application.JournalChanges;
import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerChanges;
import dev.dome.retryscheduler.application.TimerKind;
import dev.dome.retryscheduler.application.TimerStore;
import dev.dome.statecontroller.application.Follower;
import dev.dome.statecontroller.application.PlantedBug;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The timers' tables in memory: a cursor that moves with the effect, timers that fire once they are
 * published, and again when nobody heard. Every call may fail or be the last of its process.
 */
final class MemoryTimerStore implements TimerStore {
  private static final long AGAIN_MS = 30_000;
  private static final Comparator<Row> BY_DUE =
      Comparator.<Row>comparingLong(row -> row.timer.dueAtMs())
          .thenComparing(row -> row.timer.timerId());

  private final Follower.World world;
  private final Map<Lane, Long> cursors = new TreeMap<>();
  private final Map<String, Row> timers = new TreeMap<>();
  private int applied;

  private static final class Row {
    private final Timer timer;
    private int firings;
    private boolean fired;
    private Long againAtMs;

    private Row(Timer timer) {
      this.timer = timer;
    }

    private Timer next() {
      return new Timer(
          timer.timerId(),
          timer.runUid(),
          timer.runId(),
          timer.namespace(),
          timer.lane(),
          timer.kind(),
          timer.task(),
          timer.leased(),
          timer.dueAtMs(),
          firings + 1);
    }
  }

  MemoryTimerStore(Follower.World world) {
    this.world = world;
  }

  /** Lane position of the last row whose effect is stored. */
  long cursor(Lane lane) {
    return cursors.getOrDefault(lane, 0L);
  }

  /** The timers of a lane, fired or not. */
  Set<String> timers(Lane lane) {
    Map<String, Row> of = new TreeMap<>(timers);
    of.values().removeIf(row -> !row.timer.lane().equals(lane));
    return of.keySet();
  }

  private <T> Uni<T> call(String name, Supplier<T> effect) {
    return Uni.createFrom().item(() -> world.faults().storeCall(name, effect));
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return call("timers at " + lane, () -> cursor(lane));
  }

  @Override
  public Uni<Applied> apply(List<JournalBatch> batches, JournalChanges changes) {
    return call(
        "timers of " + CopyEffects.places(batches),
        () -> {
          if (batches.stream().anyMatch(batch -> cursor(batch.lane()) != batch.after())
              && world.bug() != PlantedBug.CURSOR_NOT_COMPARED) {
            return Applied.NOT_MOVED;
          }
          batches.forEach(batch -> cursors.put(batch.lane(), batch.last()));
          if (world.bug() == PlantedBug.CURSOR_OUTSIDE_TRANSACTION) {
            world.faults().call("cursor apart", () -> {});
          }
          store(changes.timers());
          return Applied.STORED;
        });
  }

  private void store(TimerChanges changes) {
    applied++;
    timers
        .values()
        .removeIf(row ->
            changes.completedRuns().contains(row.timer.runUid())
                || (row.timer.leased() != null
                    && changes.endedAttempts().contains(row.timer.leased().attemptId())));
    if (world.bug() == PlantedBug.LOST_TIMER && applied % 3 == 0) {
      return;
    }
    for (Timer timer : changes.set()) {
      world
          .violations()
          .require(
              timers.putIfAbsent(timer.timerId(), new Row(timer)) == null,
              "timer " + timer.timerId() + " is set twice");
    }
  }

  @Override
  public Uni<List<Timer>> fireDue(
      long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher) {
    return fire(row -> !row.fired && row.timer.dueAtMs() <= nowMs, limit, publisher);
  }

  @Override
  public Uni<List<Timer>> fireAgain(
      long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher) {
    return fire(row -> row.againAtMs != null && row.againAtMs <= nowMs, limit, publisher);
  }

  private Uni<List<Timer>> fire(
      Predicate<Row> which, int limit, Function<List<Timer>, Uni<Boolean>> publisher) {
    return call(
            "due timers", () -> timers.values().stream().filter(which).sorted(BY_DUE).limit(limit))
        .map(rows -> rows.map(Row::next).toList())
        .flatMap(due ->
            due.isEmpty()
                ? Uni.createFrom().item(due)
                : publisher
                    .apply(due)
                    .flatMap(published ->
                        published
                            ? call("fired " + due.size(), () -> mark(due))
                            : Uni.createFrom().item(List.<Timer>of())));
  }

  private List<Timer> mark(List<Timer> due) {
    for (Timer timer : due) {
      Row row = timers.get(timer.timerId());
      row.fired = true;
      row.firings++;
      row.againAtMs =
          timer.kind() == TimerKind.RETRY
              ? null
              : (Long) (world.nowMs() + (AGAIN_MS << (2 * Math.min(row.firings - 1, 8))));
    }
    return due;
  }

  @Override
  public Uni<OptionalLong> nextDueAtMs() {
    return call(
        "next due",
        () ->
            timers.values().stream()
                .filter(row -> !row.fired)
                .mapToLong(row -> row.timer.dueAtMs())
                .min());
  }

  @Override
  public Uni<Long> pending() {
    return call("pending", () -> timers.values().stream().filter(row -> !row.fired).count());
  }
}
