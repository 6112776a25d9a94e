package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.system.Suite.Running;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A queue whose workers meet a failing dependency, from the first failure to the last probe. */
@ExtendWith(Suite.class)
class HeldQueueTest {
  /** Enough first attempts fail to open a breaker of the shipped policy. */
  private static final int TASKS = 12;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Running suite;

  HeldQueueTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aFailingQueueIsHeldThenProbedThenLetGoOn() {
    String queue = Documents.freshId("q");
    AtomicBoolean failing = new AtomicBoolean(true);
    try (DomeClient client = suite.client("submitter", "submitter", "worker");
        DomeClient reader = suite.client("auditor", "auditor");
        Worker worker =
            Worker.on(queue, task -> firstFails(task, failing)).concurrency(4).start(client)) {
      assertThat(worker).isNotNull();
      String first = Documents.freshId("run");
      client.submit(independent(first, queue, TASKS));
      await().atMost(PATIENCE).until(() -> phase(reader, queue).equals("OPEN"));

      String second = Documents.freshId("run");
      client.submit(Documents.chain(second, queue, 1));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            JsonNode waiting = reader.read("runs/" + second, Map.of()).path("waiting_on");
            assertThat(waiting.path("reason_code").asText()).isEqualTo("BREAKER.OPEN");
            assertThat(waiting.path("breaker").asText()).isEqualTo("queue:" + queue);
            assertThat(waiting.path("until").asText()).isNotEmpty();
          });
      failing.set(false);

      for (String runId : List.of(first, second)) {
        await().atMost(PATIENCE).until(() -> status(reader, runId).equals("PROMOTED"));
        assertThat(Histories.assertReplays(reader, runId))
            .extracting(row -> row.envelope().topic())
            .contains("run.breaker.changed");
      }
      await().atMost(PATIENCE).until(() -> phase(reader, queue).equals("CLOSED"));
      assertThat(reader.read("breakers/queue:" + queue, Map.of()).path("changes"))
          .extracting(change -> change.path("phase").asText())
          .startsWith("CLOSED", "HALF_OPEN", "OPEN");
    }
  }

  private static Result firstFails(TaskContext task, AtomicBoolean failing) {
    return failing.get() && task.attempt() == 1 ? Result.retry("TRANSIENT.NETWORK") : Result.pass();
  }

  private static String status(DomeClient reader, String runId) {
    return reader.read("runs/" + runId, Map.of()).path("status").asText();
  }

  /** Empty while the breaker has not seen a result. */
  private static String phase(DomeClient reader, String queue) {
    try {
      return reader.read("breakers/queue:" + queue, Map.of()).path("phase").asText();
    } catch (DomeException e) {
      assertThat(e.has("BREAKER.NOT_FOUND")).as(e.getMessage()).isTrue();
      return "";
    }
  }

  private static ObjectNode independent(String runId, String queue, int tasks) {
    ObjectNode document = Documents.chain(runId, queue, tasks);
    document.put("max_workers", tasks);
    document.path("tasks").forEach(task -> ((ObjectNode) task).putArray("dependencies"));
    return document;
  }
}
