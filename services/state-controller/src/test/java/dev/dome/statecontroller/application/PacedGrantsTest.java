package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.RunId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When tasks that a limit held come back, on a store whose clock the test moves. */
class PacedGrantsTest extends WriterContract {
  private static final long SWEEP_MS = LaneWriter.Pace.DEFAULT.sweepEveryMs();

  PacedGrantsTest() {
    super(StoreUnderTest.Kind.MEMORY);
  }

  private void submit(int runs, String field, String value) {
    for (int i = 0; i < runs; i++) {
      RunId runId = new RunId("run-" + i);
      JsonNode document = Messages.chain(runId, 1);
      ObjectNode task = (ObjectNode) document.at("/tasks/0");
      if (field.equals("rate_limits")) {
        task.putArray(field).add(value);
      } else {
        task.put(field, value);
      }
      deliver(
          Messages.submit(operation(), namespace, runId, document),
          Lane.of(namespace, runId, 16));
    }
    drive();
  }

  @Test
  void aTaskThatARateHeldIsGrantedAtItsTimeAndNotWithASweep() {
    subject.limit(
        List.of(new TaskLimit(namespace, new LimitName("rate:api"), null, new Rate(10, 1, 1))));
    now += SWEEP_MS;
    drive();
    submit(3, "rate_limits", "api");
    assertThat(claim("a", 1)).hasSize(1);
    assertThat(claim("b", 1)).isNull();

    now += 99;
    drive();
    assertThat(answered("b")).isNull();
    now += 1;
    drive();
    assertThat(answered("b")).hasSize(1);
  }

  @Test
  void aHintThatNothingHereWaitsForMakesNoTransaction() {
    int before = said.batches;

    waiting(new Command.FreedSeen(new FreedHint("other", namespace, Map.of("key:database", 1))));
    drive();

    assertThat(said.batches).isEqualTo(before);
  }
}
