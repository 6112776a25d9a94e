package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.WorkerCalls.ClaimRequest;
import dev.dome.client.model.Grant;
import dev.dome.contracts.Json;
import dev.dome.devstack.DevServer;
import dev.dome.system.Suite.Running;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every write, and every read, while a server that dome stands on is away: an answer that says what
 * to do, in time, and afterwards either all of what was asked for or nothing.
 */
@ExtendWith(Suite.class)
class AwayTest {
  /**
   * The longest budget of a write is ten seconds, two tries at an owner; the rest is the machine.
   */
  private static final Duration BUDGET = Duration.ofSeconds(20);

  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final String ROOT = "/v1/namespaces/" + Suite.NAMESPACE + "/";
  private static final String EVIDENCE = UUID.randomUUID().toString();

  /** Everything of ingest that is not a read. */
  enum Write {
    SUBMIT,
    CLAIM,
    HEARTBEAT,
    RESULT,
    RELEASE,
    APPROVAL,
    CANCEL,
    PAUSE,
    RESUME,
    REDRIVE,
    REDRIVE_BULK,
    EVIDENCE
  }

  /** An answer and how long it took. */
  record Answered(HttpResponse<String> response, Duration took) {
    int status() {
      return response.statusCode();
    }

    String operationId() {
      return response.headers().firstValue("Dome-Operation-Id").orElseThrow();
    }

    JsonNode json() {
      return Json.read(response.body().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }
  }

  /** What is asked for, by whom is the same for all. */
  record Call(String method, String path, String type, String body) {
    static Call post(String path, String json) {
      return new Call("POST", path, "application/json", json);
    }

    static Call get(String path) {
      return new Call("GET", path, "application/json", null);
    }
  }

  /** Asks everything at once while one server is away, then lets it come back. */
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  abstract static class Away {
    private final Running suite;
    private final String token;
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final String submitted = Documents.freshId("run");
    final Map<Write, Call> writes = new EnumMap<>(Write.class);
    final Map<Write, Answered> answers = new EnumMap<>(Write.class);
    final Map<String, Answered> reads = new LinkedHashMap<>();

    Away(Running suite) {
      this.suite = suite;
      this.token = suite.token("driver", "submitter", "worker", "approver", "operator", "auditor");
    }

    abstract DevServer victim(Running suite);

    @BeforeAll
    void askWhileItIsAway() {
      writes.putAll(prepared());
      String runId = writes.get(Write.CANCEL).path().split("/", -1)[5];
      victim(suite).kill();
      try {
        Map<Write, CompletableFuture<Answered>> asked = new EnumMap<>(Write.class);
        Map<String, CompletableFuture<Answered>> askedReads = new LinkedHashMap<>();
        writes.forEach((write, call) -> asked.put(write, send(call)));
        readPaths().forEach(path -> askedReads.put(path, send(readCall(path, runId))));
        asked.forEach((write, answer) -> answers.put(write, answer.join()));
        askedReads.forEach((path, answer) -> reads.put(path, answer.join()));
      } finally {
        victim(suite).restart();
      }
      awaitWrites();
    }

    @AfterAll
    void close() {
      http.close();
    }

    /** Each write on something that exists, so that only the outage can be in its way. */
    private Map<Write, Call> prepared() {
      String queue = Documents.freshId("q");
      try (DomeClient client = suite.client("driver", "submitter", "worker", "auditor")) {
        String deadLetter = deadLetter(client, queue);
        String steered = run(client, queue);
        List<Grant> grants =
            Stream.generate(() -> run(client, queue))
                .limit(3)
                .map(id -> claim(client, queue))
                .toList();
        Map<Write, Call> calls = new EnumMap<>(Write.class);
        calls.put(
            Write.SUBMIT,
            Call.post(ROOT + "runs", Documents.chain(submitted, queue, 1).toString()));
        calls.put(
            Write.CLAIM,
            Call.post(
                ROOT + "queues/" + queue + "/claims",
                "{\"claim_id\":\"%s\",\"worker_id\":\"w\",\"wait_seconds\":1}"
                    .formatted(UUID.randomUUID())));
        calls.put(Write.HEARTBEAT, about(grants.get(0), "heartbeat", ""));
        calls.put(
            Write.RESULT,
            about(
                grants.get(1),
                "result",
                ",\"artifact_kind\":\"dome.task.result/v0.2\",\"task_id\":\"%s\",\"status\":\"PASS\""
                    .formatted(grants.get(1).taskId())));
        calls.put(Write.RELEASE, about(grants.get(2), "release", ""));
        calls.put(
            Write.APPROVAL,
            steer(
                steered,
                "approval",
                "{\"decision\":\"APPROVE\",\"reason_code\":\"HUMAN.RISK_ACCEPTED\",\"comment\":\"c\",\"gate_digest\":\"%s\"}"
                    .formatted("ab".repeat(32))));
        calls.put(Write.CANCEL, steer(steered, "cancel", "{}"));
        calls.put(Write.PAUSE, steer(steered, "pause", "{}"));
        calls.put(Write.RESUME, steer(steered, "resume", "{}"));
        calls.put(
            Write.REDRIVE,
            Call.post(ROOT + "dead-letters/" + deadLetter + "/redrive", "{\"comment\":\"c\"}"));
        calls.put(
            Write.REDRIVE_BULK,
            Call.post(
                ROOT + "dead-letters/redrive",
                "{\"comment\":\"c\",\"filter\":{\"queue\":\"%s\"}}".formatted(queue)));
        calls.put(
            Write.EVIDENCE,
            new Call("PUT", ROOT + "evidence/" + sha256(EVIDENCE), "text/plain", EVIDENCE));
        return calls;
      }
    }

    private static String run(DomeClient client, String queue) {
      String runId = Documents.freshId("run");
      client.submit(Documents.chain(runId, queue, 1));
      return runId;
    }

    private static Grant claim(DomeClient client, String queue) {
      return client
          .worker()
          .claim(new ClaimRequest(queue, UUID.randomUUID().toString(), "by-hand", null, 1, 10))
          .tasks()
          .getFirst();
    }

    /** A task that was given up, of a run that is final. */
    private static String deadLetter(DomeClient client, String queue) {
      String runId = run(client, queue);
      for (int attempt = 1; attempt <= 3; attempt++) {
        Grant grant = claim(client, queue);
        client.worker().result(grant, Result.fail("TRANSIENT.NETWORK"), Duration.ZERO, null);
      }
      return await()
          .atMost(RECOVERY)
          .until(
              () ->
                  client
                      .read("dead-letters", Map.of("run_id", runId, "status", "OPEN"))
                      .at("/items/0/dead_letter_id")
                      .asText(),
              id -> !id.isEmpty());
    }

    private static Call about(Grant grant, String verb, String more) {
      return Call.post(
          ROOT + "attempts/" + grant.attemptId() + "/" + verb,
          "{\"fence\":" + grant.fence() + more + "}");
    }

    private static Call steer(String runId, String verb, String body) {
      return Call.post(ROOT + "runs/" + runId + "/" + verb, body);
    }

    CompletableFuture<Answered> send(Call call) {
      long begun = System.nanoTime();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(suite.stack().apiUrl()).resolve(call.path()))
              .timeout(BUDGET.multipliedBy(2))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", call.type());
      request.method(
          call.method(),
          call.body() == null
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofString(call.body()));
      return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
          .thenApply(
              response -> new Answered(response, Duration.ofNanos(System.nanoTime() - begun)));
    }

    private static Call readCall(String path, String runId) {
      String filled = ROOT + path.replace("{id}", runId);
      return path.equals("replays")
          ? Call.post(filled, "{\"run_id\":\"" + runId + "\"}")
          : Call.get(filled);
    }

    private void awaitWrites() {
      String queue = Documents.freshId("q");
      try (DomeClient client = suite.client("driver", "submitter")) {
        await().atMost(RECOVERY).ignoreExceptions().until(() -> run(client, queue), runId -> true);
      }
    }

    /** What became of a queued operation; waits until it is decided. */
    JsonNode outcomeOf(Answered queued) {
      String location = queued.response().headers().firstValue("Location").orElseThrow();
      return await()
          .atMost(RECOVERY)
          .until(() -> send(Call.get(location)).join().json().path("outcome"), JsonNode::isObject);
    }

    Answered read(String path) {
      return send(Call.get(ROOT + path)).join();
    }

    static void assertUnavailable(Answered answer, String... codes) {
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(503);
      assertThat(answer.response().headers().firstValue("Content-Type"))
          .contains("application/problem+json");
      assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.json().path("reason_code").asText()).isIn((Object[]) codes);
      assertThat(answer.json().path("retryable").asBoolean()).isTrue();
    }
  }

  /** Reads that need their owner's database. */
  static Stream<String> readPaths() {
    return Stream.of(
        "runs",
        "runs/{id}",
        "runs/{id}/tasks",
        "runs/{id}/graph",
        "runs/{id}/events",
        "runs/{id}/gate",
        "runs/{id}/promotion",
        "runs/{id}/state-space",
        "runs/{id}/ledger",
        "runs/{id}/summary",
        "runs/{id}/manifest",
        "queues",
        "operations/0192f0c1-2a3b-7c4d-8e5f-60718293a4b5",
        "timers",
        "dead-letters",
        "dead-letters/none",
        "breakers",
        "breakers/queue:default",
        "audit/records",
        "audit/exports/{id}",
        "audit/exports?since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z",
        "audit/retention",
        "audit/holds",
        "audit/tombstones",
        "replays",
        "replays/none");
  }

  @Nested
  class Postgres extends Away {
    Postgres(Running suite) {
      super(suite);
    }

    @Override
    DevServer victim(Running suite) {
      return suite.stack().infrastructure().postgres().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void aWriteIsQueuedOrToBeRepeatedAndInTheEndDecided(Write write) {
      Answered answer = answers.get(write);
      assertThat(answer.took()).isLessThan(BUDGET);
      switch (write) {
        case SUBMIT, RESULT, RELEASE, APPROVAL, CANCEL, PAUSE, RESUME -> {
          assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
          assertThat(outcomeOf(answer).path("status").asInt()).isBetween(200, 499);
        }
        case CLAIM, HEARTBEAT -> assertUnavailable(answer, "INFRA.CONTROLLER_UNAVAILABLE");
        case REDRIVE, REDRIVE_BULK -> assertUnavailable(answer, "INFRA.OWNER_UNAVAILABLE");
        case EVIDENCE -> assertThat(answer.status()).isEqualTo(201);
      }
    }

    @ParameterizedTest
    @MethodSource("dev.dome.system.AwayTest#readPaths")
    void aReadIsToBeRepeated(String path) {
      Answered answer = reads.get(path);
      assertThat(answer.took()).isLessThan(BUDGET);
      assertUnavailable(
          answer,
          "INFRA.POSTGRES_UNAVAILABLE",
          "INFRA.OWNER_UNAVAILABLE",
          "INFRA.UPSTREAM_TIMEOUT");
    }

    @Test
    void whatWasQueuedIsThereWhole() {
      outcomeOf(answers.get(Write.SUBMIT));
      assertThat(read("runs/" + submitted).status()).isEqualTo(200);
    }
  }

  @Nested
  class Nats extends Away {
    Nats(Running suite) {
      super(suite);
    }

    @Override
    DevServer victim(Running suite) {
      return suite.stack().infrastructure().nats().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void aWriteIsToBeRepeated(Write write) {
      Answered answer = answers.get(write);
      assertThat(answer.took()).isLessThan(BUDGET);
      switch (write) {
        case SUBMIT, RESULT, RELEASE, APPROVAL, CANCEL, PAUSE, RESUME, REDRIVE ->
            assertUnavailable(answer, "INFRA.NATS_UNAVAILABLE");
        case CLAIM, HEARTBEAT -> assertUnavailable(answer, "INFRA.CONTROLLER_UNAVAILABLE");
        // Each run has an answer of its own.
        case REDRIVE_BULK -> {
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.json().at("/items/0/status").asInt()).isEqualTo(503);
          assertThat(answer.json().at("/items/0/reason_code").asText())
              .isEqualTo("INFRA.NATS_UNAVAILABLE");
        }
        case EVIDENCE -> assertThat(answer.status()).isBetween(200, 201);
      }
    }

    /** An unanswered publish may arrive all the same; the answer says whether it may. */
    @Test
    void whatWasSaidToBeStoredNowhereIsNotThereAndARepeatMakesOneRun() {
      Answered refused = answers.get(Write.SUBMIT);
      Answered repeat = send(writes.get(Write.SUBMIT)).join();

      assertThat(repeat.status()).as(repeat.response().body()).isIn(200, 201);
      // The repeat came after it on the run's lane, so what was stored is decided by now.
      Set<String> decided = operationsAbout(submitted);
      if (refused.json().path("detail").asText().contains("nothing was stored")) {
        assertThat(repeat.status()).isEqualTo(201);
        assertThat(decided).containsExactly(repeat.operationId());
      } else {
        assertThat(decided)
            .contains(repeat.operationId())
            .isSubsetOf(repeat.operationId(), refused.operationId());
      }
      assertThat(read("runs/" + submitted + "/tasks").json().path("items")).hasSize(1);
    }

    private Set<String> operationsAbout(String runId) {
      return StreamSupport.stream(
              read("operations?run_id=" + runId).json().path("items").spliterator(), false)
          .map(item -> item.path("operation_id").asText())
          .collect(Collectors.toSet());
    }
  }

  private static String sha256(String content) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
