package dev.dome.ingest;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamUsage;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers see when the way to durability is blocked, and that it opens again. */
@QuarkusTest
@QuarkusTestResource(value = OwnNatsResource.class, restrictToAnnotatedClass = true)
class NatsFaultsTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(32);
  private ControllerDouble controller;
  private String namespace;

  @BeforeEach
  void connect() {
    namespace = Requests.namespace();
    ReadyState.await();
    controller = new ControllerDouble(OwnNatsResource.server().url());
    controller.decides(Requests::created);
  }

  @AfterEach
  void disconnect() {
    controller.close();
    threads.shutdownNow();
  }

  @Test
  void aFullInboxShedsLoadAndTakesItAgainOnceTrimmed() {
    Response refused = submitUntilRefused();
    refused
        .then()
        .statusCode(503)
        .header("Retry-After", "5")
        .contentType("application/problem+json")
        .body("reason_code", equalTo("INFRA.INBOX_FULL"))
        .body("operation_id", equalTo(refused.header("Dome-Operation-Id")))
        .body("retryable", equalTo(true));

    int heard = controller.heardOf(namespace).size();
    try (NatsLink link = NatsLink.open(LinkOptions.of(OwnNatsResource.server().url(), "trimmer"))) {
      StreamUsage full = link.streams().usage(Subjects.INBOX_STREAM);
      assertThat(full.bytes()).isLessThanOrEqualTo(OwnNatsResource.INBOX_MAX_BYTES);
      for (int lane = 0; lane < 16; lane++) {
        link.streams().purgeUpTo(Subjects.INBOX_STREAM, "dome.inbox." + lane, full.lastSequence());
      }
    }
    assertThat(submit("after", namespace).statusCode()).isEqualTo(201);
    assertThat(controller.heardOf(namespace)).hasSizeGreaterThan(heard);
  }

  @Test
  void aKilledServerIsUnavailableAndNotReadyUntilItIsBack() {
    assertThat(submit("before", namespace).statusCode()).isEqualTo(201);

    OwnNatsResource.server().kill();
    submit("while-away", namespace)
        .then()
        .statusCode(503)
        .header("Retry-After", "2")
        .body("reason_code", equalTo("INFRA.NATS_UNAVAILABLE"))
        .body("detail", containsString("safe"));
    claim().then().statusCode(503).body("reason_code", equalTo("INFRA.CONTROLLER_UNAVAILABLE"));
    ReadyState.await(503);
    get("/q/health/live").then().statusCode(200);

    OwnNatsResource.server().restart();
    ReadyState.await();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> submit("after", namespace).statusCode() == 201);
  }

  @Test
  void aPrincipalBeyondItsRateIsToldWhenToComeBack() {
    String token = TestTokens.bearer("hasty", namespace, "auditor");
    List<Response> answers = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          answers.add(given().header("Authorization", token).get("/v1/nothing"));
          return answers.getLast().statusCode() == 429;
        });
    answers
        .getLast()
        .then()
        .contentType("application/problem+json")
        .header("Retry-After", "1")
        .body("reason_code", equalTo("RATE.LIMITED"))
        .body("retryable", equalTo(true));
    Response write =
        await()
            .atMost(Duration.ofSeconds(20))
            .pollInterval(Duration.ofMillis(1))
            .until(
                () -> given().header("Authorization", token).post("/v1/nothing"),
                answer -> answer.statusCode() == 429);
    assertThat(write.header("Dome-Operation-Id"))
        .isEqualTo(write.jsonPath().getString("operation_id"))
        .isNotNull();
    given()
        .header("Authorization", TestTokens.bearer("calm", namespace, "auditor"))
        .get("/v1/nothing")
        .then()
        .statusCode(404);
  }

  @Test
  void aRefusalForItsRateLeavesNothing() {
    AtomicInteger runs = new AtomicInteger();
    List<Integer> refused = new CopyOnWriteArrayList<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          List<CompletableFuture<Integer>> asked = new ArrayList<>();
          for (int i = 0; i < 150; i++) {
            asked.add(hasty(() -> ask("/v1/nothing", null)));
          }
          for (int i = 0; i < 5; i++) {
            String body = Requests.preContract("hasty-" + runs.incrementAndGet()).toString();
            asked.add(hasty(() -> ask(Requests.runs(namespace), body)));
          }
          List<Integer> statuses = asked.stream().map(CompletableFuture::join).toList();
          refused.addAll(statuses.subList(150, 155).stream().filter(s -> s == 429).toList());
          return !refused.isEmpty();
        });

    assertThat(controller.heardOf(namespace)).hasSize(runs.get() - refused.size());
  }

  private CompletableFuture<Integer> hasty(Supplier<Integer> ask) {
    return CompletableFuture.supplyAsync(ask, threads);
  }

  private int ask(String path, String body) {
    var request =
        given()
            .header("Authorization", TestTokens.bearer("hasty-writer", namespace, "submitter"))
            .contentType("application/json");
    return (body == null ? request.get(path) : request.body(body).post(path)).statusCode();
  }

  private Response submitUntilRefused() {
    List<Response> answers = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          answers.add(submit("fill-" + answers.size(), namespace));
          return answers.getLast().statusCode() == 503;
        });
    assertThat(answers).hasSizeGreaterThan(10);
    return answers.getLast();
  }

  /** Each submission has a principal of its own, so that the rate limit plays no part. */
  private static Response submit(String runId, String namespace) {
    return given()
        .header("Authorization", TestTokens.bearer("tester-" + runId, namespace, "submitter"))
        .contentType("application/json")
        .body(Requests.preContract(runId).put("component", "c".repeat(1000)).toString())
        .post(Requests.runs(namespace));
  }

  private Response claim() {
    return Requests.as(namespace, "worker")
        .body("{\"claim_id\": \"c\", \"worker_id\": \"w\"}")
        .post("/v1/namespaces/" + namespace + "/queues/default/claims");
  }
}
