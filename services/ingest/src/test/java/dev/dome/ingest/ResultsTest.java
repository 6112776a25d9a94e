package dev.dome.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.testkit.StackTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class ResultsTest extends ServiceTest {

  @BeforeEach
  void accept() {
    controller.decides(message -> Requests.accepted(message, 200));
  }

  @Test
  void aHundredResultsAreReportedInOneRequest() {
    ArrayNode results = Json.mapper().createArrayNode();
    IntStream.range(0, 100).forEach(i -> results.add(result(attempt(i))));

    Response answer = report(results);

    answer.then().statusCode(200).body("results", hasSize(100));
    assertThat(answer.jsonPath().getList("results.attempt_id"))
        .isEqualTo(IntStream.range(0, 100).mapToObj(ResultsTest::attempt).toList());
    assertThat(answer.jsonPath().getList("results.status")).containsOnly(200);
    assertThat(answer.jsonPath().getList("results.outcome.status")).containsOnly("RUNNING");
    List<InboxMessage> heard = controller.heardOf(namespace);
    assertThat(heard)
        .hasSize(100)
        .extracting(InboxMessage::kind)
        .containsOnly(InboxKind.REPORT_RESULT);
    assertThat(heard)
        .allSatisfy(message -> {
          assertThat(message.actor().subject()).isEqualTo("tester");
          assertThat(message.body().path("result").has("attempt_id")).isFalse();
        });
  }

  @Test
  void anItemIsTheSameWriteAsTheSingleForm() {
    ObjectNode alone = result(attempt(1));
    alone.remove("attempt_id");
    Requests.as(namespace, "worker")
        .body(Json.write(alone))
        .post(Requests.attempt(namespace, attempt(1), "result"))
        .then()
        .statusCode(200);
    InboxMessage first = controller.lastOf(namespace);

    report(list(result(attempt(1)))).then().statusCode(200);

    InboxMessage second = controller.lastOf(namespace);
    assertThat(second.operationId()).isNotEqualTo(first.operationId());
    assertThat(second.idempotency()).isEqualTo(first.idempotency());
    assertThat(second.attemptId()).isEqualTo(first.attemptId());
    assertThat(second.body()).isEqualTo(first.body());
  }

  @Test
  void whatIsWrongWithOneItemRefusesThatOneOnly() {
    controller.decides(message ->
        message.attemptId().value().equals(attempt(1))
            ? new Outcome(
                message.operationId(),
                403,
                null,
                new ReasonCode("ATTEMPT.NOT_CLAIMER"),
                "Another worker claimed this attempt.",
                List.of(),
                null)
            : Requests.accepted(message, 200));
    ObjectNode withoutFence = result(attempt(2));
    withoutFence.remove("fence");
    ObjectNode withNext = result(attempt(3));
    withNext.putObject("claim_next");
    ObjectNode secret = result(attempt(4));
    secret.put("task_id", "ghp_" + "a1b2c3d4e5f6g7h8i9".repeat(2));
    ObjectNode absentEvidence = result(attempt(5));
    absentEvidence
        .putObject("evidence")
        .putArray("artifacts")
        .addObject()
        .put("path", "out.txt")
        .put("sha256", "ab".repeat(32))
        .put("bytes", 1);

    report(
            list(
                result(attempt(0)),
                result(attempt(1)),
                withoutFence,
                withNext,
                secret,
                absentEvidence,
                result(Requests.ATTEMPT_OF_NO_LANE)))
        .then()
        .statusCode(200)
        .body("results.status", contains(200, 403, 422, 422, 422, 422, 404))
        .body("results[0].problem", nullValue())
        .body("results[1].outcome", nullValue())
        .body("results[1].problem.reason_code", equalTo("ATTEMPT.NOT_CLAIMER"))
        .body("results[1].problem.operation_id", containsString("-"))
        .body(
            "results[1].problem.instance",
            equalTo(Requests.attempt(namespace, attempt(1), "result")))
        .body("results[2].problem.errors.pointer", contains("/results/2/fence"))
        .body("results[3].problem.reason_code", equalTo("SCHEMA.UNKNOWN_FIELD"))
        .body("results[3].problem.errors.pointer", contains("/results/3/claim_next"))
        .body("results[4].problem.reason_code", equalTo("REDACTION.SECRET_IN_STEERING_FIELD"))
        .body("results[4].problem.errors.pointer", contains("/results/4/task_id"))
        .body("results[5].problem.reason_code", equalTo("EVIDENCE.MISSING"))
        .body(
            "results[5].problem.errors.pointer", contains("/results/5/evidence/artifacts/0/sha256"))
        .body("results[6].problem.reason_code", equalTo("ATTEMPT.NOT_FOUND"));
    assertThat(controller.heardOf(namespace))
        .extracting(message -> message.attemptId().value())
        .containsExactlyInAnyOrder(attempt(0), attempt(1));
  }

  @Test
  void whatIsNotDecidedInTimeIsQueued() {
    controller.staysSilent();
    report(list(result(attempt(0)), result(attempt(1))))
        .then()
        .statusCode(200)
        .body("results.status", contains(202, 202))
        .body("results[0].outcome.status", equalTo("QUEUED"))
        .body(
            "results[0].outcome.operation_url",
            containsString("/v1/namespaces/" + namespace + "/operations/"));
  }

  @Test
  void aBodyThatIsNoListOfResultsIsRefusedWhole() {
    refused("{\"results\": [}", 400, "REQUEST.MALFORMED_JSON");
    refused("{}", 422, "SCHEMA.REQUIRED");
    refused("{\"results\": []}", 422, "SCHEMA.ITEMS");
    refused("{\"results\": [1]}", 422, "SCHEMA.TYPE");
    refused("{\"results\": [{\"attempt_id\": \"x\"}]}", 422, "SCHEMA.PATTERN");
    refused("{\"results\": [], \"claim_next\": {}}", 422, "SCHEMA.VIOLATION");
    ArrayNode many = Json.mapper().createArrayNode();
    IntStream.rangeClosed(0, 100).forEach(i -> many.add(result(attempt(i))));
    report(many).then().statusCode(422).body("reason_code", equalTo("SCHEMA.ITEMS"));
    report(list(result(attempt(0)), result(attempt(0))))
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("SCHEMA.ITEMS"))
        .body("errors.pointer", contains("/results/1/attempt_id"));
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  private void refused(String body, int status, String reasonCode) {
    Requests.as(namespace, "worker")
        .body(body)
        .post(path())
        .then()
        .statusCode(status)
        .body("reason_code", equalTo(reasonCode));
  }

  private Response report(ArrayNode results) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.set("results", results);
    return Requests.as(namespace, "worker").body(body.toString()).post(path());
  }

  private String path() {
    return "/v1/namespaces/" + namespace + "/results";
  }

  private static ArrayNode list(ObjectNode... results) {
    ArrayNode list = Json.mapper().createArrayNode();
    list.addAll(List.of(results));
    return list;
  }

  /** Attempts of all lanes. */
  private static String attempt(int number) {
    return "att-%04x-%032x".formatted(number % 16, number);
  }

  private static ObjectNode result(String attemptId) {
    ObjectNode result = Json.mapper().createObjectNode();
    result.put("attempt_id", attemptId);
    result.put("fence", 7);
    result.put("artifact_kind", "dome.task.result/v0.2");
    result.put("task_id", "run-1-plan");
    result.put("status", "PASS");
    return result;
  }
}
