package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.RunId;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When tasks that a limit held come back, on a store whose clock the test moves. */
class PacedGrantsTest extends WriterContract {
  private static final long SWEEP_MS = LaneWriter.Pace.DEFAULT.sweepEveryMs();

  PacedGrantsTest() {
    super(StoreUnderTest.Kind.MEMORY);
  }

  private void submit(int runs, Consumer<ObjectNode> task) {
    for (int i = 0; i < runs; i++) {
      RunId runId = new RunId("run-" + i);
      JsonNode document = Messages.chain(runId, 1);
      task.accept((ObjectNode) document.at("/tasks/0"));
      deliver(
          Messages.submit(operation(), namespace, runId, document), Lane.of(namespace, runId, 16));
    }
    drive();
  }

  @Test
  void aTaskThatARateHeldIsGrantedAtItsTimeAndNotWithASweep() {
    subject.limit(
        List.of(new TaskLimit(namespace, new LimitName("rate:api"), null, new Rate(10, 1, 1))));
    now += SWEEP_MS;
    drive();
    submit(3, task -> task.putArray("rate_limits").add("api"));
    assertThat(claim("a", 1)).hasSize(1);
    assertThat(claim("b", 1)).isNull();

    now += 99;
    drive();
    assertThat(answered("b")).isNull();
    now += 1;
    drive();
    assertThat(answered("b")).hasSize(1);
  }

  private int usages() {
    return ((MemoryStore) subject.store()).usages();
  }

  @Test
  void tasksUnderNoLimitAskNothingMoreOfTheStore() {
    submit(3, task -> {});

    assertThat(claim("a", 3)).hasSize(3);
    assertThat(usages()).isZero();
  }

  @Test
  void aBatchAsksOnceForTheLimitsOfAllItsClaims() {
    submit(6, task -> task.put("concurrency_key", task.get("task_id").asText()));

    for (String id : List.of("a", "b", "c")) {
      waiting(new Command.ClaimAsked(Messages.claim(namespace, id, 2, now + 600_000), id));
    }
    drive();

    assertThat(said.claims.values()).hasSize(3).allMatch(tasks -> tasks.size() == 2);
    assertThat(usages()).isEqualTo(1);
  }

  @Test
  void aHintThatNothingHereWaitsForMakesNoTransaction() {
    int before = said.batches;

    waiting(new Command.FreedSeen(new FreedHint("other", namespace, Map.of("key:database", 1))));
    drive();

    assertThat(said.batches).isEqualTo(before);
  }
}
