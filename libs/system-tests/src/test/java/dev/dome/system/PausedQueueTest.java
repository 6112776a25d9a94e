package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A queue that an operator pauses, with its workers at hand and the scheduler killed meanwhile. */
@ExtendWith(Suite.class)
class PausedQueueTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Running suite;

  PausedQueueTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aPausedQueueHoldsItsRunsAndSaysWhoPausedItUntilItIsResumed() throws Exception {
    String queue = Documents.freshId("q");
    String before = Documents.freshId("run");
    String after = Documents.freshId("run");
    try (DomeClient client = suite.client("submitter", "submitter", "worker");
        DomeClient operator = suite.client("olga", "operator")) {
      client.submit(Documents.chain(before, queue, 2));
      operator.pauseQueue(queue, "OPERATOR.MAINTENANCE", "new disks");
      awaitPaused(operator, before, queue);

      ServiceProcess scheduler = suite.stack().service(DomeService.RETRY_SCHEDULER).orElseThrow();
      scheduler.kill();
      try (Worker worker = Worker.on(queue, task -> Result.pass()).start(client)) {
        assertThat(worker).isNotNull();
        client.submit(Documents.chain(after, queue, 1));
        awaitPaused(operator, after, queue);
        scheduler.restart();

        assertThat(operator.read("breakers/queue:" + queue, Map.of()).path("paused").asBoolean())
            .isTrue();
        assertThat(client.run(before).status()).isEqualTo(RunStatus.RUNNING);
        operator.resumeQueue(queue, null, "done");
        for (String runId : new String[] {before, after}) {
          await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
          Histories.assertReplays(operator, runId);
        }
      }
      JsonNode changes = operator.read("breakers/queue:" + queue, Map.of()).path("changes");
      assertThat(changes)
          .extracting(change -> change.path("cause").asText())
          .containsExactly("RESUMED", "PAUSED");
      assertThat(changes.path(1).at("/steering/comment").asText()).isEqualTo("new disks");
    }
  }

  private static void awaitPaused(DomeClient reader, String runId, String queue) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          JsonNode waiting = reader.read("runs/" + runId, Map.of()).path("waiting_on");
          assertThat(waiting.path("reason_code").asText()).isEqualTo("BREAKER.PAUSED");
          assertThat(waiting.path("queue").asText()).isEqualTo(queue);
          assertThat(waiting.at("/paused/actor").asText()).isEqualTo("olga");
          assertThat(waiting.has("until")).isFalse();
        });
    assertThat(reader.read("queues", Map.of()).path("items"))
        .filteredOn(item -> item.path("queue").asText().equals(queue))
        .singleElement()
        .satisfies(item -> assertThat(item.at("/paused/actor").asText()).isEqualTo("olga"));
  }
}
