package dev.dome.system;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunAck;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.Json;
import dev.dome.system.Suite.Running;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a spent budget to the dead letter, its redrive and the promotion of what was left. */
@ExtendWith(Suite.class)
class RedriveTest {
  private static final String ROOT = "/v1/namespaces/" + Suite.NAMESPACE + "/";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final Running suite;
  private final String worker;
  private final List<String> granted = new ArrayList<>();

  RedriveTest(Running suite) {
    this.suite = suite;
    this.worker = suite.token("worker", "worker");
  }

  @Test
  void whatWasGivenUpIsTriedAgainAndWhatPassedIsKept() {
    String queue = Documents.freshId("q");
    String runId = Documents.freshId("run");
    try (DomeClient submitter = suite.client("submitter", "submitter");
        DomeClient operator = suite.client("olga", "operator", "auditor")) {
      submitter.submit(Documents.chain(runId, queue, 3));
      work(queue, "PASS");
      for (int attempt = 1; attempt <= 3; attempt++) {
        work(queue, "FAIL");
      }
      awaitStatus(operator, runId, RunStatus.REJECTED);
      Run before = operator.run(runId);
      String deadLetter = awaitDeadLetter(operator, runId);
      as(operator(), ROOT + "dead-letters/" + deadLetter)
          .then()
          .body("queue", equalTo(queue))
          .body("cause", equalTo("TRANSIENT.NETWORK"))
          .body("attempt_history.attempt", contains(1, 2, 3));
      granted.clear();

      RunAck redriven = operator.redrive(deadLetter, null, "The network is back");
      assertThatThrownBy(() -> operator.redrive(deadLetter, null, "Hurry"))
          .isInstanceOfSatisfying(
              DomeException.class,
              refusal ->
                  assertThat(refusal.problem().orElseThrow().reasonCode().value())
                      .isEqualTo("REDRIVE.UNDER_WAY"));
      work(queue, "PASS");
      work(queue, "PASS");
      awaitStatus(operator, runId + ".r1", RunStatus.PROMOTED);

      assertThat(redriven.runId()).isEqualTo(runId + ".r1");
      assertThat(granted).containsExactly("step-2", "step-3");
      assertThat(operator.redrive(deadLetter, null, "The network is back").runUid())
          .isEqualTo(redriven.runUid());
      assertThat(operator.run(runId).headHash()).isEqualTo(before.headHash());
      as(operator(), ROOT + "runs/" + runId).then().body("redriven_as", contains(runId + ".r1"));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              as(operator(), ROOT + "dead-letters/" + deadLetter)
                  .then()
                  .body("status", equalTo("REDRIVEN"))
                  .body("redriven_as", equalTo(runId + ".r1")));
      assertThat(Histories.assertReplays(operator, runId + ".r1"))
          .extracting(row -> row.envelope().topic())
          .contains("task.redriven");
    }
  }

  @Test
  void anAttemptThatUsesUpItsTimeIsFollowedByAnother() {
    String queue = Documents.freshId("q");
    String runId = Documents.freshId("run");
    ObjectNode document = Documents.chain(runId, queue, 1);
    ((ObjectNode) document.path("tasks").get(0)).put("timeout_seconds", 1);
    try (DomeClient submitter = suite.client("submitter", "submitter", "auditor")) {
      submitter.submit(document);
      Response slow = claim(queue);
      assertThat(slow.<String>path("tasks[0].deadline")).isNotNull();

      work(queue, "PASS");

      assertThat(granted).hasSize(2);
      result(slow, "PASS").then().statusCode(409).body("reason_code", equalTo("ATTEMPT.FENCED"));
      awaitStatus(submitter, runId, RunStatus.PROMOTED);
      assertThat(Histories.assertReplays(submitter, runId))
          .extracting(row -> row.envelope().topic())
          .contains("task.timed_out");
    }
  }

  private String operator() {
    return suite.token("olga", "operator");
  }

  private static void awaitStatus(DomeClient client, String runId, RunStatus status) {
    await().atMost(PATIENCE).until(() -> client.run(runId).status() == status);
  }

  private static String awaitDeadLetter(DomeClient client, String runId) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                client
                    .read("dead-letters", Map.of("run_id", runId, "status", "OPEN"))
                    .at("/items/0/dead_letter_id")
                    .asText(),
            id -> !id.isEmpty());
  }

  private Response as(String token, String path) {
    return by(token).get(path);
  }

  /** Claims the next task of the queue, waiting for it, and reports. */
  private void work(String queue, String status) {
    result(claim(queue), status).then().statusCode(200);
  }

  private Response claim(String queue) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Response response =
                  by(worker)
                      .body(
                          Map.of(
                              "claim_id",
                              UUID.randomUUID().toString(),
                              "worker_id",
                              "by-hand",
                              "max_tasks",
                              1,
                              "wait_seconds",
                              5))
                      .post(ROOT + "queues/" + queue + "/claims");
              if (response.statusCode() == 200) {
                granted.add(response.path("tasks[0].task_id"));
              }
              return response;
            },
            response -> response.statusCode() == 200);
  }

  private Response result(Response claimed, String status) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("fence", ((Number) claimed.path("tasks[0].fence")).longValue());
    body.put("artifact_kind", "dome.task.result/v0.2");
    body.put("task_id", claimed.<String>path("tasks[0].task_id"));
    body.put("status", status);
    if (!status.equals("PASS")) {
      body.put("reason_code", "TRANSIENT.NETWORK");
    }
    return by(worker)
        .body(Json.write(body))
        .post(ROOT + "attempts/" + claimed.path("tasks[0].attempt_id") + "/result");
  }

  private RequestSpecification by(String token) {
    return given()
        .baseUri(suite.stack().apiUrl())
        .auth()
        .oauth2(token)
        .contentType("application/json");
  }
}
