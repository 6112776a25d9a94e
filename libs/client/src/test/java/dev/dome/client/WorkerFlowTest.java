package dev.dome.client;

import static dev.dome.client.WorkerScript.grants;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.ScriptedServer.Request;
import dev.dome.client.ScriptedServer.Response;
import dev.dome.client.model.Reported;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many tasks a worker takes, has waiting and reports at once. */
final class WorkerFlowTest {
  private final WorkerScript script = new WorkerScript();
  private final CountDownLatch mayFinish = new CountDownLatch(1);

  @Test
  void aClaimAsksForAllFreeSlotsAndWhatMayBeLeasedAhead() {
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            Worker.on("default", task -> Result.pass())
                .concurrency(3)
                .prefetch(2)
                .waitSeconds(0)
                .start(client)) {
      await(() -> !server.requests("/claims").isEmpty());

      assertThat(maxTasks(server.requests("/claims").getFirst())).isEqualTo(5);
      assertThat(worker.draining()).isFalse();
    }
  }

  @Test
  void noMoreIsClaimedThanThereArePlaces() {
    script.claims.add(grants(1, 2, 30_000, "{}"));
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            Worker.on("default", this::untilAllowed).concurrency(3).waitSeconds(0).start(client)) {
      await(() -> server.requests("/claims").size() >= 2);

      assertThat(server.requests("/claims").stream().skip(1))
          .allSatisfy(claim -> assertThat(maxTasks(claim)).isEqualTo(1));
      mayFinish.countDown();
      assertThat(worker.draining()).isFalse();
    }
  }

  @Test
  void whatWaitsForASlotKeepsItsLeaseAndIsGivenBackByADrain() {
    script.claims.add(grants(1, 2, 1_200, "{}"));
    script.heartbeat = request -> WorkerScript.lease(1_200, "");
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT)) {
      Worker worker =
          Worker.on("default", this::untilAllowed).prefetch(1).waitSeconds(0).start(client);
      await(() -> server.requests("att-2/heartbeat").size() >= 2);
      worker.drain();
      await(() -> !server.requests("att-2/release").isEmpty());
      assertThat(server.requests("/result")).isEmpty();
      mayFinish.countDown();
      worker.close();

      assertThat(server.requests("att-1/result")).hasSize(1);
      assertThat(server.requests("att-1/release")).isEmpty();
      assertThat(server.requests("att-2/result")).isEmpty();
    }
  }

  @Test
  void aLeaseThatIsLostWhileItWaitsIsNeverBegun() {
    Queue<Integer> begun = new ConcurrentLinkedQueue<>();
    script.claims.add(grants(1, 2, 1_200, "{}"));
    script.heartbeat =
        request ->
            request.path().contains("att-2/")
                ? Response.problem(409, "ATTEMPT.FENCED")
                : WorkerScript.lease(30_000, "");
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT)) {
      Worker worker =
          Worker.on(
                  "default",
                  task -> {
                    begun.add(task.attempt());
                    return untilAllowed(task);
                  })
              .prefetch(1)
              .waitSeconds(0)
              .start(client);
      await(() -> !server.requests("att-2/heartbeat").isEmpty());
      mayFinish.countDown();
      await(() -> !server.requests("att-1/result").isEmpty());
      worker.close();

      assertThat(begun).containsExactly(1);
      assertThat(server.requests("att-2/release")).isEmpty();
    }
  }

  @Test
  void resultsThatHadToWaitGoTogetherAndEachIsJudgedForItself() {
    CountDownLatch busy = new CountDownLatch(1);
    AtomicInteger batches = new AtomicInteger();
    Recorder recorder = new Recorder();
    script.claims.add(grants(1, 8, 30_000, "{}"));
    script.result =
        request -> {
          awaitLatch(busy);
          return Response.json(200, "{}");
        };
    script.batch =
        request -> Response.json(200, judged(request, batches.incrementAndGet() == 1 ? 503 : 200));
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            Worker.on("default", task -> Result.pass())
                .concurrency(8)
                .listener(recorder)
                .waitSeconds(0)
                .start(client)) {
      await(() -> server.requests("/result").size() == 4 && recorder.started.get() == 8);
      busy.countDown();
      await(() -> recorder.reported.get() == 7 && recorder.refused.size() == 1);

      List<Request> together = server.requests("/results");
      assertThat(attempts(together.getFirst())).hasSizeBetween(2, 4);
      assertThat(together.getFirst().json().at("/results/0/claim_next").isMissingNode()).isTrue();
      assertThat(together.getFirst().json().at("/results/0/fence").asInt()).isEqualTo(7);
      assertThat(recorder.refused).containsExactly("ATTEMPT.FENCED");
      assertThat(attempts(together.get(1)))
          .as("what was answered 503 is said again")
          .contains(attempts(together.getFirst()).getLast());
      assertThat(worker.draining()).isFalse();
    }
  }

  @Test
  void aServerWithoutTheBatchFormIsToldEachResultAlone() {
    CountDownLatch busy = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    script.claims.add(grants(1, 8, 30_000, "{}"));
    script.result =
        request -> {
          awaitLatch(busy);
          return Response.json(200, "{}");
        };
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            Worker.on("default", task -> Result.pass())
                .concurrency(8)
                .listener(recorder)
                .waitSeconds(0)
                .start(client)) {
      await(() -> server.requests("/result").size() == 4 && recorder.started.get() == 8);
      busy.countDown();
      await(() -> recorder.reported.get() == 8);

      assertThat(server.requests("/result")).hasSize(8);
      assertThat(recorder.refused).isEmpty();
      assertThat(worker.draining()).isFalse();
    }
  }

  @Test
  void aListenerThatFailsStopsNothing() {
    WorkerListener failing =
        new WorkerListener() {
          @Override
          public void reported(TaskContext task, Result result, Reported answer) {
            throw new IllegalStateException("no more room on the screen");
          }
        };
    for (int number = 1; number <= 6; number++) {
      script.claims.add(WorkerScript.grant(number, 30_000));
    }
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            Worker.on("default", task -> Result.pass())
                .listener(failing)
                .waitSeconds(0)
                .start(client)) {
      await(() -> server.requests("/result").size() == 6);

      assertThat(worker.draining()).isFalse();
    }
  }

  @Test
  void eachQueueHasItsOwnHandler() {
    Map<String, String> handled = new ConcurrentHashMap<>();
    try (ScriptedServer server =
            new ScriptedServer(request -> oneTaskOfEachQueue(request, handled));
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            Worker.on("parcels", task -> Result.pass().withNotes("weighed"))
                .on("letters", task -> Result.pass().withNotes("stamped"))
                .start(client)) {
      await(() -> server.requests("/result").size() == 2);

      assertThat(notes(server, "att-1")).isEqualTo("weighed");
      assertThat(notes(server, "att-2")).isEqualTo("stamped");
      assertThat(worker.draining()).isFalse();
    }
  }

  /** Each queue is asked once and then held. */
  private Response oneTaskOfEachQueue(Request request, Map<String, String> asked) {
    if (!request.path().endsWith("/claims")) {
      return script.apply(request);
    }
    String queue = request.path().contains("/parcels/") ? "parcels" : "letters";
    if (asked.putIfAbsent(queue, queue) == null) {
      return WorkerScript.grant(queue.equals("parcels") ? 1 : 2, 30_000);
    }
    return WorkerScript.NOTHING;
  }

  private static String notes(ScriptedServer server, String attempt) {
    return server.requests(attempt + "/result").getFirst().json().path("notes").asText();
  }

  /** The first item is fenced, the last has the status, the others are taken. */
  private static String judged(Request request, int statusOfLast) {
    List<String> attempts = attempts(request);
    List<String> answers = new ArrayList<>();
    for (String attempt : attempts) {
      boolean fenced = attempt.equals(attempts.getFirst()) && statusOfLast == 503;
      boolean last = attempt.equals(attempts.getLast());
      int status = fenced ? 409 : last ? statusOfLast : 200;
      String code = fenced ? "ATTEMPT.FENCED" : "INFRA.OVERLOADED";
      answers.add(
          status == 200
              ? "{\"attempt_id\":\"%s\",\"status\":200,\"outcome\":{}}".formatted(attempt)
              : "{\"attempt_id\":\"%s\",\"status\":%d,\"problem\":{\"title\":\"no\",\"reason_code\":\"%s\"}}"
                  .formatted(attempt, status, code));
    }
    return "{\"results\":[" + String.join(",", answers) + "]}";
  }

  private static List<String> attempts(Request batch) {
    return batch.json().path("results").findValuesAsText("attempt_id");
  }

  private static int maxTasks(Request claim) {
    JsonNode body = claim.json();
    return body.path("max_tasks").asInt();
  }

  private Result untilAllowed(TaskContext task) throws InterruptedException {
    mayFinish.await();
    return Result.pass().withNotes("attempt " + task.attempt());
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(Callable<Boolean> condition) {
    org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition);
  }

  private static final class Recorder implements WorkerListener {
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger reported = new AtomicInteger();
    final Queue<String> refused = new ConcurrentLinkedQueue<>();

    @Override
    public void started(TaskContext task) {
      started.incrementAndGet();
    }

    @Override
    public void reported(TaskContext task, Result result, Reported answer) {
      reported.incrementAndGet();
    }

    @Override
    public void refused(String what, DomeException refusal) {
      refused.add(refusal.reasonCode().orElseThrow().value());
    }
  }
}
