package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.statecontroller.adapter.db.PgLaneLeases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ownership on a real PostgreSQL, whose clock alone says whether a lane is free. */
class LaneKeeperTest {
  private static final long TERM_MS = 700;

  private final PgLaneLeases leases = new PgLaneLeases(PgFixture.pool());
  private final List<Thread> writers = new ArrayList<>();
  private final List<LaneKeeper> keepers = new ArrayList<>();

  /** A keeper with a writer of its own, which lets go of a lane when it is asked to. */
  private LaneKeeper keeper(String name) {
    Mailbox mailbox = new Mailbox(100, 1 << 26);
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              List<Command> taken = new ArrayList<>();
              while (!Thread.currentThread().isInterrupted()) {
                try {
                  mailbox.await(1_000);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                mailbox.drainTo(taken, 100, 0);
                taken.forEach(LaneKeeperTest::letGo);
                taken.clear();
              }
            });
    writers.add(writer);
    LaneKeeper keeper =
        new LaneKeeper(name + "-" + UUID.randomUUID(), leases, mailbox, TERM_MS, 1_000);
    keepers.add(keeper);
    return keeper;
  }

  private static void letGo(Command command) {
    if (command instanceof Command.LaneRelease release) {
      release.released().run();
    }
  }

  @AfterEach
  void leave() throws InterruptedException {
    for (LaneKeeper keeper : keepers) {
      keeper.leave();
    }
    writers.forEach(Thread::interrupt);
  }

  @Test
  void aSecondReplicaGetsHalfAndTheFirstGetsAllWhenItLeaves() throws Exception {
    LaneKeeper first = keeper("a");
    LaneKeeper second = keeper("b");
    first.tick();
    assertThat(first.owned()).hasSize(16);

    second.tick();
    first.tick();
    second.tick();
    assertThat(first.owned()).hasSize(8);
    assertThat(second.owned()).hasSize(8).doesNotContainKeys(lanes(first));

    second.leave();
    first.tick();
    assertThat(first.owned()).hasSize(16);
  }

  @Test
  void lanesOfASilentReplicaAreTakenUnderAGreaterEpochAndItLearnsOfIt() throws Exception {
    LaneKeeper silent = keeper("a");
    silent.tick();
    Map<Lane, Long> before = silent.owned();
    LaneKeeper other = keeper("b");

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> {
          other.tick();
          assertThat(other.owned()).hasSize(16);
        });

    other.owned().forEach((lane, epoch) -> assertThat(epoch).isGreaterThan(before.get(lane)));
    silent.tick();
    assertThat(silent.owned()).isEmpty();
  }

  private static Lane[] lanes(LaneKeeper keeper) {
    return keeper.owned().keySet().toArray(Lane[]::new);
  }
}
