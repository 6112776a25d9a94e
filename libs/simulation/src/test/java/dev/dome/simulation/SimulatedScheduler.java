package dev.dome.simulation;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.Publication;
import dev.dome.retryscheduler.application.BreakerLoop;
import dev.dome.retryscheduler.application.FiringLoop;
import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerEffects;
import dev.dome.retryscheduler.application.TimerMessages;
import dev.dome.retryscheduler.application.TimerObserver;
import dev.dome.retryscheduler.webhook.DeliveryLoop;
import dev.dome.statecontroller.application.Faults;
import dev.dome.statecontroller.application.Follower;
import dev.dome.statecontroller.application.PlantedBug;
import dev.dome.statecontroller.application.StoreException;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows the journal: two replicas of the scheduler that share a database of timers, and two
 * that keep a copy. They read, fire and set timers with the code that runs in production.
 */
final class SimulatedScheduler implements Follower {
  private static final int REPLICAS = 2;
  private static final long AHEAD_MS = 10_000;

  private final World world;
  private final MemoryTimerStore timers;
  private final CopyEffects copy;
  private final TimerPromises promises;
  private final List<Replica> replicas = new ArrayList<>();
  private int published;
  private boolean healing;

  private record Replica(FiringLoop loop, SimulatedConsumer timers, SimulatedConsumer copy) {}

  SimulatedScheduler(World world) {
    this.world = world;
    this.timers = new MemoryTimerStore(world);
    this.copy = new CopyEffects(world);
    this.promises = new TimerPromises(world, timers);
    for (int number = 0; number < REPLICAS; number++) {
      replicas.add(started());
    }
  }

  /** Breakers and webhooks are not simulated: their loops are woken and never run. */
  private Replica started() {
    Clock clock = new SimulatedClock();
    FiringLoop loop =
        new FiringLoop(
            timers,
            this::publish,
            new Unheard(),
            clock,
            new FiringLoop.Settings(1_000, 1 + world.random().nextInt(20), 10_000, 0));
    // Never begun: breakers and webhooks are not simulated.
    BreakerLoop breakers =
        new BreakerLoop(null, null, null, clock, new BreakerLoop.Settings(1_000, 1, 1, 1));
    DeliveryLoop webhooks =
        new DeliveryLoop(
            null, null, null, null, clock, new DeliveryLoop.Settings(1_000, 1, 1, 1, 1, 1));
    return new Replica(
        loop,
        new SimulatedConsumer(world, new TimerEffects(timers, loop, breakers, webhooks)),
        new SimulatedConsumer(world, copy));
  }

  private Uni<Publication> publish(List<Timer> due) {
    return Uni.createFrom().item(() -> send(due));
  }

  private Publication send(List<Timer> due) {
    int luck = healing ? 2 : world.random().nextInt(12);
    world
        .faults()
        .call(
            "publish timers " + due.size(),
            () -> {
              if (luck != 0) {
                due.forEach(this::send);
              }
            });
    return luck < 2
        ? new Publication.Failed(Publication.Cause.TIMED_OUT, "asked for")
        : new Publication.Stored(1);
  }

  private void send(Timer timer) {
    published++;
    world
        .violations()
        .require(
            timer.dueAtMs() <= world.nowMs(),
            "timer %s is due at %d and fired at %d"
                .formatted(timer.timerId(), timer.dueAtMs(), world.nowMs()));
    world.send(timer.lane(), TimerMessages.of(timer, world.nowMs(), null));
  }

  @Override
  public void step() {
    int number = world.random().nextInt(REPLICAS);
    switch (world.random().nextInt(10)) {
      case 0 -> world.faults().crashIn(1 + world.random().nextInt(12));
      case 1 ->
          world
              .faults()
              .failStoreIn(
                  1 + world.random().nextInt(4),
                  StoreException.Kind.UNKNOWN,
                  world.random().nextBoolean());
      default -> world.faults().calm();
    }
    try {
      act(replicas.get(number));
    } catch (RuntimeException | Faults.Crash e) {
      if (!world.faults().dead()) {
        throw e;
      }
    }
    if (world.faults().dead()) {
      world.faults().note("scheduler died");
      replicas.set(number, started());
    }
  }

  private void act(Replica replica) {
    Lane lane = new Lane(world.random().nextInt(world.lanes()));
    switch (world.random().nextInt(5)) {
      case 0 -> replica.loop().round();
      case 1, 2 -> replica.copy().read(lane);
      default -> replica.timers().read(lane);
    }
  }

  @Override
  public boolean heal() {
    healing = true;
    int before = published;
    boolean read = false;
    for (Replica replica : replicas) {
      for (int number = 0; number < world.lanes(); number++) {
        Lane lane = new Lane(number);
        boolean timersRead = replica.timers().readAll(lane);
        read |= replica.copy().readAll(lane) || timersRead;
      }
      replica.loop().round();
    }
    return read || published > before;
  }

  @Override
  public void check() {
    for (int number = 0; number < world.lanes(); number++) {
      promises.check(new Lane(number));
      copy.check(new Lane(number));
    }
  }

  @Override
  public void checkAtRest() {
    check();
    for (int number = 0; number < world.lanes(); number++) {
      Lane lane = new Lane(number);
      copy.checkAtRest(lane);
      world
          .violations()
          .require(
              timers.timers(lane).isEmpty(), "timers of runs that ended: " + timers.timers(lane));
    }
  }

  private final class SimulatedClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
      return world.bug() == PlantedBug.TIMER_TOO_EARLY ? world.nowMs() + AHEAD_MS : world.nowMs();
    }
  }

  /** What metrics would hear. */
  private static final class Unheard implements TimerObserver {
    @Override
    public void fired(Timer timer, long latenessMs) {
      // The simulation looks at what is published.
    }

    @Override
    public void firedAgain(int timers) {
      // The simulation looks at what is published.
    }

    @Override
    public void failed() {
      // Failures are what the simulation makes.
    }

    @Override
    public void pending(long timers) {
      // The simulation looks at what is stored.
    }
  }
}
