package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.WorkerCalls;
import dev.dome.client.model.Grant;
import dev.dome.client.model.RunStatus;
import dev.dome.client.model.Task;
import dev.dome.client.model.TaskStatus;
import dev.dome.system.Suite.Running;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A plan of a thousand tasks at once and one that joins them, by the public API alone. */
@ExtendWith(Suite.class)
class WideRunTest {
  private static final int WIDTH = 1_000;
  private static final int CLAIM = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Running suite;

  WideRunTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aThousandTasksAreJoinedAndReadPageByPage() throws Exception {
    String runId = Documents.freshId("run");
    String queue = Documents.freshId("q");
    try (DomeClient client = suite.client("fan-out", "submitter", "worker")) {
      long startNanos = System.nanoTime();
      client.submit(fanOut(runId, queue));
      work(client, queue);
      await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
      System.out.printf(
          "fan-out of %d tasks and a join took %d ms%n",
          WIDTH, (System.nanoTime() - startNanos) / 1_000_000);

      List<Task> tasks = client.tasks(runId);
      assertThat(tasks).hasSize(WIDTH + 1).allMatch(task -> task.status() == TaskStatus.DONE);
      assertThat(tasks.getFirst().taskId()).isEqualTo("t0");
      assertThat(tasks.getLast().taskId()).isEqualTo("join");
      assertThat(client.tasks(runId, TaskStatus.BLOCKED)).isEmpty();
      JsonNode graph = client.graph(runId);
      assertThat(graph.path("nodes")).hasSize(WIDTH + 1);
      assertThat(graph.path("edges")).hasSize(WIDTH);
      assertThat(client.read("runs/" + runId + "/tasks", Map.of()).path("next_cursor").asText())
          .isNotEmpty();
    }
  }

  /** Claims by the hundred until the join is granted, which says that all others have passed. */
  private static void work(DomeClient client, String queue) throws Exception {
    WorkerCalls worker = client.worker();
    long untilNanos = System.nanoTime() + PATIENCE.toNanos();
    boolean joined = false;
    while (!joined && System.nanoTime() < untilNanos) {
      List<Grant> grants = worker.claim(claim(queue)).tasks();
      report(worker, grants);
      joined = grants.stream().anyMatch(grant -> grant.taskId().equals("join"));
    }
    assertThat(joined).as("the join was granted").isTrue();
  }

  private static WorkerCalls.ClaimRequest claim(String queue) {
    return new WorkerCalls.ClaimRequest(
        queue, UUID.randomUUID().toString(), "fan-out", null, CLAIM, 10);
  }

  private static void report(WorkerCalls worker, List<Grant> grants) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> reports =
          grants.stream()
              .map(grant ->
                  threads.submit(() -> worker.result(grant, Result.pass(), Duration.ZERO, null)))
              .toList();
      for (Future<?> report : reports) {
        report.get();
      }
    }
  }

  private static ObjectNode fanOut(String runId, String queue) {
    ObjectNode document = Documents.independent(runId);
    document.put("max_workers", WIDTH);
    ArrayNode tasks = (ArrayNode) document.path("tasks");
    for (int i = 0; i < WIDTH; i++) {
      Documents.task(tasks, "t" + i, queue);
    }
    ArrayNode all = (ArrayNode) Documents.task(tasks, "join", queue).path("dependencies");
    for (int i = 0; i < WIDTH; i++) {
      all.add("t" + i);
    }
    return document;
  }
}
