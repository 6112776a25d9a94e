package dev.dome.system;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.system.Suite.Running;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The three ends of a run, over plain HTTP as a worker in any language would do it. */
@ExtendWith(Suite.class)
class DecisionsTest {
  private static final String ROOT = "/v1/namespaces/" + Suite.NAMESPACE + "/";
  private final Running suite;
  private final String submitter;
  private final String worker;

  DecisionsTest(Running suite) {
    this.suite = suite;
    this.submitter = suite.token("submitter", "submitter", "approver");
    this.worker = suite.token("worker", "worker");
  }

  @Test
  void aRunWhoseTasksPassIsPromotedAndReplays() {
    String queue = Documents.freshId("q");
    String runId = submitChain(queue, 3);

    for (int i = 1; i <= 3; i++) {
      report(claim(queue), Map.of("status", "PASS"));
    }

    as(submitter).get(ROOT + "runs/" + runId).then().body("status", equalTo("PROMOTED"));
    as(submitter)
        .get(ROOT + "runs/" + runId + "/promotion")
        .then()
        .statusCode(200)
        .body("decision", equalTo("APPROVE"))
        .body("risk_score", equalTo(20))
        .body("gate_decision_ref.task_id", equalTo("wave-gate"));
    try (DomeClient reader = suite.client("auditor", "auditor")) {
      assertThat(Histories.assertReplays(reader, runId)).isNotEmpty();
    }
  }

  @Test
  void aFailedTaskRejectsTheRunAndBlocksWhatDependsOnIt() {
    String queue = Documents.freshId("q");
    String runId = submitChain(queue, 2);

    report(claim(queue), Map.of("status", "FAIL"));

    as(submitter)
        .get(ROOT + "runs/" + runId)
        .then()
        .body("status", equalTo("REJECTED"))
        .body("run_id", equalTo(runId));
    as(submitter)
        .get(ROOT + "runs/" + runId + "/gate")
        .then()
        .body("status", equalTo("REJECT"))
        .body("substrate_status", equalTo("DENY"))
        .body("reason_codes", hasItem("EXEC.NONZERO_EXIT"));
    as(submitter)
        .get(ROOT + "runs/" + runId + "/tasks")
        .then()
        .body("items.find { it.task_id == 'step-2' }.reason_code", equalTo("DEPENDENCY.BLOCKED"));
  }

  @Test
  void aRiskyRunWaitsForAHumanWhoIsNotItsSubmitter() {
    String queue = Documents.freshId("q");
    String runId = submitChain(queue, 1);
    report(claim(queue), Map.of("status", "PASS", "risk_score_hint", 75));
    as(submitter)
        .get(ROOT + "runs/" + runId)
        .then()
        .body("status", equalTo("AWAITING_APPROVAL"))
        .body("waiting_on.reason_code", equalTo("WAITING.APPROVAL"));
    String digest = approvalDigest(runId);

    Response bySubmitter = approve(submitter, runId, digest);
    Response byAnother = approve(suite.token("second-pair-of-eyes", "approver"), runId, digest);

    bySubmitter.then().statusCode(403).body("reason_code", equalTo("POLICY.SELF_APPROVAL"));
    byAnother.then().statusCode(200).body("status", equalTo("PROMOTED"));
    try (DomeClient reader = suite.client("auditor", "auditor")) {
      assertThat(Histories.assertReplays(reader, runId))
          .extracting(row -> row.envelope().topic())
          .contains("approval.recorded", "run.completed");
    }
  }

  @Test
  void aTransientFailureIsRetriedAfterItsDelay() {
    String queue = Documents.freshId("q");
    String runId = submitChain(queue, 1);
    report(
        claim(queue),
        Map.of("status", "FAIL", "transient", true, "reason_code", "TRANSIENT.NETWORK"));

    Grant second = claim(queue);
    report(second, Map.of("status", "PASS"));

    assertThat(second.attempt()).isEqualTo(2);
    as(submitter).get(ROOT + "runs/" + runId).then().body("status", equalTo("PROMOTED"));
  }

  @Test
  void aReportWithASupersededFenceIsRefusedAndChangesNothing() {
    String queue = Documents.freshId("q");
    String runId = submitChain(queue, 1);
    Grant first = claim(queue);
    as(worker)
        .body(Map.of("fence", first.fence(), "reason_code", "TRANSIENT.RELEASED"))
        .post(ROOT + "attempts/" + first.attemptId() + "/release")
        .then()
        .statusCode(200);
    Grant second = claim(queue);

    Response late = result(first, Map.of("status", "FAIL"));
    report(second, Map.of("status", "PASS"));

    late.then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("reason_code", equalTo("ATTEMPT.FENCED"));
    assertThat(second.fence()).isGreaterThan(first.fence());
    as(submitter).get(ROOT + "runs/" + runId).then().body("status", equalTo("PROMOTED"));
  }

  @Test
  void aPlanWithACycleIsRefusedWithPointers() {
    ObjectNode document = Documents.chain(Documents.freshId("run"), "default", 2);
    ((ObjectNode) document.path("tasks").get(0)).putArray("dependencies").add("step-2");

    Response response = as(submitter).body(Json.write(document)).post(ROOT + "runs");

    response
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("PLAN.CYCLE"))
        .body("errors[0].pointer", containsString("/tasks"));
  }

  @Test
  void aStrangerSeesTheSameAbsenceAsForARunThatIsNot() {
    String runId = submitChain(Documents.freshId("q"), 1);
    String stranger =
        suite
            .stack()
            .issuer()
            .mint(
                "stranger",
                Map.of("elsewhere", java.util.List.of("auditor")),
                java.time.Duration.ofHours(1));

    Response there = as(stranger).get(ROOT + "runs/" + runId);
    Response nowhere = as(stranger).get(ROOT + "runs/no-such-run");

    assertThat(there.statusCode()).isEqualTo(404);
    assertThat(there.path("reason_code").toString())
        .isEqualTo(nowhere.path("reason_code").toString());
    assertThat(there.path("detail").toString()).isEqualTo(nowhere.path("detail").toString());
  }

  private record Grant(String attemptId, long fence, String taskId, int attempt) {}

  private String submitChain(String queue, int length) {
    String runId = Documents.freshId("run");
    as(submitter)
        .body(Json.write(Documents.chain(runId, queue, length)))
        .post(ROOT + "runs")
        .then()
        .statusCode(201)
        .header("Location", containsString(runId))
        .body("run_uid", notNullValue());
    return runId;
  }

  private Grant claim(String queue) {
    Response response =
        as(worker)
            .body(
                Map.of(
                    "claim_id",
                    UUID.randomUUID().toString(),
                    "worker_id",
                    "by-hand",
                    "max_tasks",
                    1,
                    "wait_seconds",
                    20))
            .post(ROOT + "queues/" + queue + "/claims");
    response.then().statusCode(200);
    return new Grant(
        response.path("tasks[0].attempt_id"),
        ((Number) response.path("tasks[0].fence")).longValue(),
        response.path("tasks[0].task_id"),
        response.path("tasks[0].attempt"));
  }

  private void report(Grant grant, Map<String, Object> result) {
    result(grant, result).then().statusCode(200);
  }

  private Response result(Grant grant, Map<String, Object> result) {
    ObjectNode body = Json.mapper().valueToTree(result);
    body.put("fence", grant.fence());
    body.put("artifact_kind", "dome.task.result/v0.2");
    body.put("task_id", grant.taskId());
    return as(worker)
        .body(Json.write(body))
        .post(ROOT + "attempts/" + grant.attemptId() + "/result");
  }

  private Response approve(String token, String runId, String digest) {
    return as(token)
        .body(
            Map.of(
                "decision", "APPROVE",
                "reason_code", "HUMAN.RISK_ACCEPTED",
                "comment", "looked at it",
                "gate_digest", digest))
        .post(ROOT + "runs/" + runId + "/approval");
  }

  private String approvalDigest(String runId) {
    return dev.dome.contracts.CanonicalJson.sha256(
        Json.tree(suite.client("auditor", "auditor").gate(runId).orElseThrow()));
  }

  private RequestSpecification as(String token) {
    return given()
        .baseUri(suite.stack().apiUrl())
        .auth()
        .oauth2(token)
        .contentType("application/json");
  }
}
