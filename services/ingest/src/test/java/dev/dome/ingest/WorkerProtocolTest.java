package dev.dome.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class WorkerProtocolTest extends ServiceTest {
  private static final String CLAIM =
      """
      {"claim_id": "claim-1", "worker_id": "worker-1", "max_tasks": 2, "wait_seconds": 1}
      """;
  private static final Claim.GrantedTask TASK =
      new Claim.GrantedTask(
          new RunId("run-1"),
          new TaskId("run-1-plan"),
          1,
          new AttemptId(Requests.ATTEMPT),
          7,
          "2026-11-22T17:00:30.000Z",
          null,
          "Plan execution scope: why",
          Json.mapper().createObjectNode().put("base_ref", "main"),
          null);

  @Test
  void aClaimIsAnsweredWithTheGrantedTasks() {
    AtomicReference<Claim.Request> asked = new AtomicReference<>();
    controller.answersClaims(request -> {
      asked.set(request);
      return Claim.Reply.of(List.of(TASK));
    });
    Requests.as(namespace, "worker")
        .body(CLAIM)
        .post("/v1/namespaces/" + namespace + "/queues/default/claims")
        .then()
        .statusCode(200)
        .body("tasks", hasSize(1))
        .body("tasks[0].attempt_id", equalTo(Requests.ATTEMPT))
        .body("tasks[0].fence", equalTo(7))
        .body("tasks[0].inputs.base_ref", equalTo("main"))
        .body("tasks[0].deadline", nullValue());
    assertThat(asked.get().namespace().value()).isEqualTo(namespace);
    assertThat(asked.get().queue().value()).isEqualTo("default");
    assertThat(asked.get().claimId()).isEqualTo("claim-1");
    assertThat(asked.get().maxTasks()).isEqualTo(2);
    assertThat(asked.get().actor().subject()).isEqualTo("tester");
    assertThat(asked.get().traceparent()).isNotNull();
  }

  @Test
  void whatIsGrantedToAWorkerThatHasLeftGoesBackToTheQueue() throws Exception {
    CountDownLatch parked = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    controller.answersClaims(request -> {
      parked.countDown();
      awaitLatch(left);
      return Claim.Reply.of(List.of(TASK));
    });
    try (HttpClient worker = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      CompletableFuture<HttpResponse<Void>> claim =
          worker.sendAsync(claimByHand(), HttpResponse.BodyHandlers.discarding());
      awaitLatch(parked);
      claim.cancel(true);
    }
    // By the time a request that began afterwards is answered, the server knows of the end.
    RestAssured.get("/q/health/live").then().statusCode(200);
    left.countDown();

    Awaitility.await()
        .untilAsserted(() ->
            assertThat(controller.heardOf(namespace))
                .extracting(InboxMessage::kind)
                .containsExactly(InboxKind.RELEASE_TASK));
    InboxMessage release = controller.lastOf(namespace);
    assertThat(release.attemptId().value()).isEqualTo(Requests.ATTEMPT);
    assertThat(release.body().path("fence").asLong()).isEqualTo(7);
  }

  private HttpRequest claimByHand() {
    return HttpRequest.newBuilder(
            URI.create(
                "http://localhost:"
                    + RestAssured.port
                    + "/v1/namespaces/"
                    + namespace
                    + "/queues/default/claims"))
        .header("Authorization", TestTokens.bearer("tester", namespace, "worker"))
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"claim_id\":\"c-left\",\"worker_id\":\"w\",\"max_tasks\":1,\"wait_seconds\":20}"))
        .build();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Test
  void aClaimWithoutTasksIsNoContent() {
    controller.answersClaims(request -> Claim.Reply.of(List.of()));
    claim().then().statusCode(204).body(emptyString());
  }

  @Test
  void aDrainingWorkerIsToldSoBesideNoTasks() {
    controller.answersClaims(request -> Claim.Reply.drain());
    claim()
        .then()
        .statusCode(200)
        .body("tasks.size()", equalTo(0))
        .body("directives", equalTo(List.of("DRAIN")));
  }

  @Test
  void aClaimThatNobodyAnswersInTimeIsToBeRepeated() {
    controller.answersClaims(request -> null);
    claim()
        .then()
        .statusCode(503)
        .header("Retry-After", "1")
        .body("reason_code", equalTo("INFRA.CONTROLLER_UNAVAILABLE"))
        .body("retryable", equalTo(true));
  }

  @Test
  void aRefusedClaimNamesItsReason() {
    controller.answersClaims(request ->
        new Claim.Reply(List.of(), null, new ReasonCode("IDEMPOTENCY.CONFLICT"), "used before"));
    claim().then().statusCode(409).body("reason_code", equalTo("IDEMPOTENCY.CONFLICT"));
  }

  @Test
  void aClaimWithoutAnyControllerIsUnavailable() {
    claim()
        .then()
        .statusCode(503)
        .header("Retry-After", "1")
        .body("reason_code", equalTo("INFRA.CONTROLLER_UNAVAILABLE"))
        .body("retryable", equalTo(true));
  }

  @Test
  void aHeartbeatRenewsTheLease() {
    AtomicReference<Claim.Heartbeat> sign = new AtomicReference<>();
    controller.answersHeartbeats(
        "dome.heartbeats.3",
        heartbeat -> {
          sign.set(heartbeat);
          return new Claim.HeartbeatReply(
              200, "2026-11-22T17:00:30.000Z", List.of("CANCEL"), null, null);
        });
    Requests.as(namespace, "worker")
        .body("{\"fence\": 7, \"progress\": {\"percent\": 40}}")
        .post(Requests.attempt(namespace, Requests.ATTEMPT, "heartbeat"))
        .then()
        .statusCode(200)
        .body("lease_expires_at", equalTo("2026-11-22T17:00:30.000Z"))
        .body("directives", contains("CANCEL"));
    assertThat(sign.get().fence()).isEqualTo(7);
    assertThat(sign.get().progress().path("percent").asInt()).isEqualTo(40);
  }

  @ParameterizedTest
  @CsvSource({"404, ATTEMPT.NOT_FOUND", "409, ATTEMPT.FENCED"})
  void aHeartbeatOfALostLeaseIsRefused(int status, String code) {
    controller.answersHeartbeats(
        "dome.heartbeats.3",
        heartbeat ->
            new Claim.HeartbeatReply(status, null, List.of(), new ReasonCode(code), "gone"));
    Requests.as(namespace, "worker")
        .body("{\"fence\": 7}")
        .post(Requests.attempt(namespace, Requests.ATTEMPT, "heartbeat"))
        .then()
        .statusCode(status)
        .body("reason_code", equalTo(code));
  }

  @Test
  void aResultTravelsWithItsFenceAndItsNextClaim() {
    controller.decides(message -> Requests.accepted(message, 200));
    Requests.as(namespace, "worker")
        .body(result().toString())
        .post(Requests.attempt(namespace, Requests.ATTEMPT, "result"))
        .then()
        .statusCode(200);

    InboxMessage message = controller.lastOf(namespace);
    assertThat(message.kind()).isEqualTo(InboxKind.REPORT_RESULT);
    assertThat(message.attemptId()).isEqualTo(new AttemptId(Requests.ATTEMPT));
    assertThat(message.runId()).isNull();
    assertThat(message.idempotency().operation()).isEqualTo("attempts.result");
    assertThat(message.idempotency().key()).isEqualTo("result:" + Requests.ATTEMPT);
    assertThat(message.idempotency().derived()).isTrue();
    assertThat(message.body().path("fence").asLong()).isEqualTo(7);
    assertThat(message.body().path("result").path("status").asText()).isEqualTo("PASS");
    assertThat(message.body().path("result").has("fence")).isFalse();
    Claim.Request next = Json.read(message.body().path("claim_next"), Claim.Request.class);
    assertThat(next.queue().value()).isEqualTo("default");
    assertThat(next.maxTasks()).isEqualTo(1);
    assertThat(next.actor()).isNull();
    assertThat(controller.lastSubject()).isEqualTo("dome.inbox.3");
  }

  @Test
  void aReleaseGivesTheTaskBack() {
    controller.decides(message -> Requests.accepted(message, 200));
    Requests.as(namespace, "worker")
        .body("{\"fence\": 7}")
        .post(Requests.attempt(namespace, Requests.ATTEMPT, "release"))
        .then()
        .statusCode(200);

    InboxMessage message = controller.lastOf(namespace);
    assertThat(message.kind()).isEqualTo(InboxKind.RELEASE_TASK);
    assertThat(message.body().path("reason_code").asText()).isEqualTo("TRANSIENT.RELEASED");
  }

  @ParameterizedTest
  @CsvSource({"heartbeat", "result", "release"})
  void anAttemptOfALaneThatDoesNotExistIsNotFound(String verb) {
    String body = verb.equals("result") ? result().toString() : "{\"fence\": 7}";
    Requests.as(namespace, "worker")
        .body(body)
        .post(Requests.attempt(namespace, Requests.ATTEMPT_OF_NO_LANE, verb))
        .then()
        .statusCode(404)
        .body("reason_code", equalTo("ATTEMPT.NOT_FOUND"));
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cancel, CANCEL_RUN, runs.cancel, OPERATOR.CANCELLED",
    "pause, PAUSE_RUN, runs.pause, OPERATOR.PAUSED",
    "resume, RESUME_RUN, runs.resume, OPERATOR.RESUMED"
  })
  void steeringARunNeedsNoKeyAndHasAUsualReason(
      String verb, InboxKind kind, String operation, String reason) {
    controller.decides(message -> Requests.accepted(message, 200));
    Requests.as(namespace, "operator")
        .body("{\"comment\": \"why not\"}")
        .post(Requests.runs(namespace) + "/run-1/" + verb)
        .then()
        .statusCode(200);
    assertThat(controller.lastOf(namespace).kind()).isEqualTo(kind);
    assertThat(controller.lastOf(namespace).idempotency()).isNull();
    assertThat(controller.lastOf(namespace).body().path("reason_code").asText()).isEqualTo(reason);

    Requests.as(namespace, "operator")
        .header("Idempotency-Key", "once")
        .body("{\"reason_code\": \"OPERATOR.MAINTENANCE\"}")
        .post(Requests.runs(namespace) + "/run-1/" + verb)
        .then()
        .statusCode(200);
    assertThat(controller.lastOf(namespace).idempotency().operation()).isEqualTo(operation);
    assertThat(controller.lastOf(namespace).idempotency().key()).isEqualTo("once");
  }

  @Test
  void anApprovalNamesTheGateDecisionItAnswers() {
    controller.decides(message -> Requests.accepted(message, 200));
    String digest = "ab".repeat(32);
    Requests.as(namespace, "approver")
        .body(
            """
            {"decision": "APPROVE", "reason_code": "HUMAN.RISK_ACCEPTED", "comment": "looked at it",
             "gate_digest": "%s"}
            """
                .formatted(digest))
        .post(Requests.runs(namespace) + "/run-1/approval")
        .then()
        .statusCode(200);

    InboxMessage message = controller.lastOf(namespace);
    assertThat(message.kind()).isEqualTo(InboxKind.DECIDE_APPROVAL);
    assertThat(message.body().path("gate_digest").asText()).isEqualTo(digest);
  }

  private io.restassured.response.Response claim() {
    return Requests.as(namespace, "worker")
        .body(CLAIM.replace("\"wait_seconds\": 1", "\"wait_seconds\": 0"))
        .post("/v1/namespaces/" + namespace + "/queues/default/claims");
  }

  private static ObjectNode result() {
    ObjectNode result = Json.mapper().createObjectNode();
    result.put("fence", 7);
    result.put("artifact_kind", "dome.task.result/v0.2");
    result.put("task_id", "run-1-plan");
    result.put("status", "PASS");
    result
        .putArray("attempt_history")
        .addObject()
        .put("task_id", "t")
        .put("status", "FAIL")
        .put("x", 1);
    result
        .putObject("claim_next")
        .put("queue", "default")
        .put("claim_id", "claim-2")
        .put("worker_id", "worker-1");
    return result;
  }
}
