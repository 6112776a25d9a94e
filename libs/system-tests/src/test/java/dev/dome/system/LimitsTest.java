package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.system.Suite.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Limits that operators set over HTTP hold for the tasks of both controllers. */
@ExtendWith(Suite.class)
class LimitsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final NamespaceId NAMESPACE = new NamespaceId(Suite.NAMESPACE);

  private final Running suite;
  private final String queue = Documents.freshId("limited");

  LimitsTest(Running suite) {
    this.suite = suite;
  }

  /** Runs in different lanes, of which each controller owns half. */
  private static List<String> runsInLanes(int runs) {
    return IntStream.range(0, runs)
        .mapToObj(lane ->
            Stream.generate(() -> Documents.freshId("run"))
                .filter(id -> Lane.of(NAMESPACE, new RunId(id), 16).number() == lane)
                .findFirst()
                .orElseThrow())
        .toList();
  }

  private static ObjectNode slots(int maxConcurrent) {
    return Json.mapper().createObjectNode().put("max_concurrent", maxConcurrent);
  }

  @Test
  void aQueueRunsAsManyTasksOfBothControllersAsItsLimitAllows() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Semaphore mayEnd = new Semaphore(0);
    List<String> runs = runsInLanes(6);
    try (DomeClient client = suite.client("driver", "submitter", "operator");
        DomeClient working = suite.client("limited-worker", "worker")) {
      JsonNode set = client.setLimit("queue:" + queue, slots(2));
      assertThat(set.path("max_concurrent").asInt()).isEqualTo(2);
      assertThat(client.setLimit("queue:" + queue, slots(2)).path("in_use").asInt()).isZero();
      // Replicas go by a limit within a second.
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      runs.forEach(run -> client.submit(Documents.chain(run, queue, 1)));
      try (Worker worker =
          Worker.on(
                  queue,
                  task -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    mayEnd.acquire();
                    running.decrementAndGet();
                    return Result.pass();
                  })
              .concurrency(6)
              .start(working)) {
        await().atMost(PATIENCE).until(() -> running.get() == 2);
        await()
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(waitingFor(client, runs))
                    .containsOnly("WAITING.QUEUE_LIMIT")
                    .hasSize(4));
        assertThat(client.read("limits/queue:" + queue, Map.of()).path("in_use").asInt())
            .isEqualTo(2);
        mayEnd.release(runs.size());
        runs.forEach(run -> await().atMost(PATIENCE).until(() -> ended(client, run)));
        worker.drain();
      }
      client.deleteLimit("queue:" + queue);
      client.deleteLimit("queue:" + queue);
    }
    assertThat(most.get()).isEqualTo(2);
  }

  private static boolean ended(DomeClient client, String run) {
    return client.run(run).status().isFinal();
  }

  /** Why the runs wait of which nobody works at a task. */
  private static List<String> waitingFor(DomeClient client, List<String> runs) {
    return runs.stream()
        .map(run -> client.read("runs/" + run, Map.of()).path("waiting_on"))
        .filter(waiting -> !waiting.path("reason_code").asText().equals("WAITING.RESULT"))
        .map(waiting -> waiting.path("reason_code").asText())
        .toList();
  }

  @Test
  void aRateLimitKeepsItsPace() {
    List<Long> startedAtMs = Collections.synchronizedList(new ArrayList<>());
    String rate = Documents.freshId("api");
    ObjectNode pace = Json.mapper().createObjectNode();
    pace.putObject("rate").put("permits", 2).put("per_seconds", 1);
    List<String> runs = runsInLanes(6);
    try (DomeClient client = suite.client("driver", "submitter", "operator");
        DomeClient working = suite.client("paced-worker", "worker")) {
      client.setLimit("rate:" + rate, pace);
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      for (String run : runs) {
        ObjectNode document = Documents.independent(run);
        ArrayNode tasks = (ArrayNode) document.get("tasks");
        Documents.task(tasks, "paced", queue).putArray("rate_limits").add(rate);
        client.submit(document);
      }
      try (Worker worker =
          Worker.on(
                  queue,
                  task -> {
                    startedAtMs.add(System.nanoTime() / 1_000_000);
                    return Result.pass();
                  })
              .concurrency(6)
              .start(working)) {
        runs.forEach(run -> await().atMost(PATIENCE).until(() -> ended(client, run)));
        worker.drain();
      }
      client.deleteLimit("rate:" + rate);
    }
    // Six grants half a second apart; a late start of the first shortens what is seen of it.
    assertThat(startedAtMs.getLast() - startedAtMs.getFirst()).isBetween(1_500L, 10_000L);
  }

  @Test
  void limitsAreSetListedAndDeletedByCommandAndByOperatorsOnly(@TempDir Path directory)
      throws Exception {
    String name = "key:" + Documents.freshId("database");
    Map<String, String> environment =
        Map.of("DOME_URL", suite.stack().apiUrl(), "DOME_TOKEN", suite.token("op", "operator"));

    Dome.Ended set =
        Dome.run(
            directory,
            environment,
            "limit",
            "set",
            name,
            "--max-concurrent",
            "3",
            "--rate",
            "100/60");
    assertThat(set.exitCode()).as(set.output()).isZero();
    Dome.Ended listed = Dome.run(directory, environment, "limit", "list");
    assertThat(listed.output()).contains(name).contains("100/60s");
    Dome.Ended deleted = Dome.run(directory, environment, "limit", "delete", name);
    assertThat(deleted.exitCode()).as(deleted.output()).isZero();

    try (DomeClient submitter = suite.client("driver", "submitter")) {
      assertThatThrownBy(() -> submitter.setLimit(name, slots(1)))
          .isInstanceOfSatisfying(
              DomeException.class, refused -> assertThat(refused.status()).isEqualTo(403));
      assertThatThrownBy(() -> submitter.read("limits/" + name, Map.of()))
          .hasMessageContaining("LIMIT.NOT_FOUND");
    }
  }
}
