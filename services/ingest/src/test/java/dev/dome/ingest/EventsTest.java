package dev.dome.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.testkit.StackTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class EventsTest extends ServiceTest {
  private static final String EVENT_ID = "evt-00000000000000000000000000abc011";

  @BeforeEach
  void accept() {
    controller.decides(message -> Requests.accepted(message, 200));
  }

  @Test
  void anEnvelopeIsAReportOfItsAttempt() {
    envelope(event()).then().statusCode(200);

    InboxMessage message = controller.lastOf(namespace);
    assertThat(message.kind()).isEqualTo(InboxKind.REPORT_RESULT);
    assertThat(message.attemptId()).isEqualTo(new AttemptId(Requests.ATTEMPT));
    assertThat(message.runId()).isEqualTo(new RunId("run-1"));
    assertThat(message.body().path("fence").asLong()).isEqualTo(7);
    assertThat(message.body().path("result").path("status").asText()).isEqualTo("PASS");
    assertThat(message.body().path("result").has("attempt_id")).isFalse();
    assertThat(message.idempotency().operation()).isEqualTo("events.report");
    assertThat(message.idempotency().key()).isEqualTo("event:" + EVENT_ID);
    assertThat(message.idempotency().derived()).isTrue();
  }

  @Test
  void aStructuredCloudEventIsAReportOfItsAttempt() {
    cloudEvent(cloudEvent()).then().statusCode(200);

    InboxMessage message = controller.lastOf(namespace);
    assertThat(message.kind()).isEqualTo(InboxKind.REPORT_RESULT);
    assertThat(message.attemptId()).isEqualTo(new AttemptId(Requests.ATTEMPT));
    assertThat(message.runId()).isEqualTo(new RunId("run-1"));
    assertThat(message.body().path("result").path("task_id").asText()).isEqualTo("run-1-plan");
    assertThat(message.idempotency().key()).startsWith("cloudevent:");

    ObjectNode elsewhere = cloudEvent();
    elsewhere.put("source", "https://other.example.org");
    cloudEvent(elsewhere).then().statusCode(200);
    assertThat(controller.lastOf(namespace).idempotency().key())
        .as("an id is unique within its source only")
        .isNotEqualTo(message.idempotency().key());
  }

  @Test
  void aRunThatLooksLikeASecretIsRefusedInEitherForm() {
    String secret = "ghp_" + "a1b2c3d4e5f6g7h8i9".repeat(2);
    ObjectNode cloudEvent = cloudEvent();
    cloudEvent.put("subject", secret);
    ObjectNode event = event();
    event.put("run_id", secret);

    for (Response answer : List.of(cloudEvent(cloudEvent), envelope(event))) {
      answer
          .then()
          .statusCode(422)
          .body("reason_code", equalTo("REDACTION.SECRET_IN_STEERING_FIELD"));
    }
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @Test
  void aKeyOfTheClientWins() {
    Requests.as(namespace, "worker")
        .header("Idempotency-Key", "mine")
        .body(event().toString())
        .post(path())
        .then()
        .statusCode(200);
    assertThat(controller.lastOf(namespace).idempotency().key()).isEqualTo("mine");
    assertThat(controller.lastOf(namespace).idempotency().derived()).isFalse();
  }

  @Test
  void whatIsNotDecidedInTimeIsQueued() {
    controller.staysSilent();
    envelope(event())
        .then()
        .statusCode(202)
        .header("Location", containsString("/v1/namespaces/" + namespace + "/operations/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task.result",
        "gate.verdict",
        "promotion.decision",
        "plan.wave.created",
        "task.assigned",
        "run.completed",
        "made.up"
      })
  void aTopicThatIsDomesOwnIsForged(String topic) {
    ObjectNode event = event();
    event.put("topic", topic);
    envelope(event)
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("EVENT.FORGED_TOPIC"))
        .body("errors.pointer", contains("/topic"));
    ObjectNode cloudEvent = cloudEvent();
    cloudEvent.put("type", "dev.dome." + topic);
    cloudEvent(cloudEvent)
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("EVENT.FORGED_TOPIC"))
        .body("errors.pointer", contains("/type"));
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @Test
  void faultsAreNamedByTheirPlaceInTheEvent() {
    ObjectNode withoutFence = event();
    ((ObjectNode) withoutFence.path("payload")).remove("fence");
    envelope(withoutFence)
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("SCHEMA.REQUIRED"))
        .body("errors.pointer", contains("/payload/fence"));
    ObjectNode unknownReason = event();
    ((ObjectNode) unknownReason.path("payload")).put("status", "FAIL").put("reason_code", "MY.OWN");
    envelope(unknownReason)
        .then()
        .statusCode(422)
        .body("errors.pointer", contains("/payload/reason_code"));
    ObjectNode absentEvidence = cloudEvent();
    ((ObjectNode) absentEvidence.path("data"))
        .putObject("evidence")
        .putArray("artifacts")
        .addObject()
        .put("path", "out.txt")
        .put("sha256", "ab".repeat(32))
        .put("bytes", 1);
    cloudEvent(absentEvidence)
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("EVIDENCE.MISSING"))
        .body("errors.pointer", contains("/data/evidence/artifacts/0/sha256"));
    ObjectNode binary = cloudEvent();
    binary.put("data_base64", "e30=");
    cloudEvent(binary).then().statusCode(422);
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @Test
  void aBatchOfCloudEventsIsAReportOfEachAttempt() {
    ObjectNode other = cloudEvent();
    other.put("id", "18");
    ((ObjectNode) other.path("data"))
        .put("attempt_id", "att-0004-0123456789abcdef0123456789abcdef");
    ObjectNode forged = cloudEvent();
    forged.put("type", "dev.dome.gate.verdict");
    ObjectNode withoutFence = cloudEvent();
    ((ObjectNode) withoutFence.path("data")).remove("fence");

    batch("[%s, %s, %s, %s, 5]".formatted(cloudEvent(), forged, other, withoutFence))
        .then()
        .statusCode(200)
        .body("results.status", contains(200, 422, 200, 422, 422))
        .body("results[0].attempt_id", equalTo(Requests.ATTEMPT))
        .body("results[1].problem.reason_code", equalTo("EVENT.FORGED_TOPIC"))
        .body("results[1].problem.errors.pointer", contains("/1/type"))
        .body("results[2].outcome.status", equalTo("RUNNING"))
        .body("results[3].problem.errors.pointer", contains("/3/data/fence"))
        .body("results[4].problem.reason_code", equalTo("SCHEMA.TYPE"));
    assertThat(controller.heardOf(namespace)).hasSize(2);
    String key = controller.heardOf(namespace).getFirst().idempotency().key();

    cloudEvent(cloudEvent()).then().statusCode(200);
    assertThat(controller.lastOf(namespace).idempotency())
        .as("an event is the same alone and in a batch")
        .isEqualTo(controller.heardOf(namespace).getFirst().idempotency());
    assertThat(key).startsWith("cloudevent:");
  }

  @Test
  void aBatchThatIsNoneIsRefusedWhole() {
    batch("{}").then().statusCode(422).body("reason_code", equalTo("SCHEMA.TYPE"));
    batch("[]").then().statusCode(422).body("reason_code", equalTo("SCHEMA.ITEMS"));
    batchRequest()
        .header("Idempotency-Key", "mine")
        .body("[" + cloudEvent() + "]")
        .post(path())
        .then()
        .statusCode(400);
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  private Response batch(String body) {
    return batchRequest().body(body).post(path());
  }

  private RequestSpecification batchRequest() {
    return as("application/cloudevents-batch+json");
  }

  private RequestSpecification as(String mediaType) {
    return Requests.as(namespace, "worker")
        .config(
            RestAssured.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig().encodeContentTypeAs(mediaType, ContentType.TEXT)))
        .contentType(mediaType);
  }

  private String path() {
    return "/v1/namespaces/" + namespace + "/events";
  }

  private Response envelope(ObjectNode event) {
    return Requests.as(namespace, "worker").body(event.toString()).post(path());
  }

  private Response cloudEvent(ObjectNode event) {
    return as("application/cloudevents+json").body(event.toString()).post(path());
  }

  private static ObjectNode event() {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("schema_version", "dome.event.envelope/v0.2");
    event.put("sequence", 1);
    event.put("event_id", EVENT_ID);
    event.put("ts", "2026-11-22T09:00:11.000Z");
    event.put("topic", "task.result.raw");
    event.put("run_id", "run-1");
    event.set("payload", report());
    return event;
  }

  private static ObjectNode cloudEvent() {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("specversion", "1.0");
    event.put("id", "17");
    event.put("source", "https://ci.example.org/runner/4");
    event.put("type", "dev.dome.task.result.raw");
    event.put("subject", "run-1");
    event.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    event.set("data", report());
    return event;
  }

  private static ObjectNode report() {
    ObjectNode report = Json.mapper().createObjectNode();
    report.put("attempt_id", Requests.ATTEMPT);
    report.put("fence", 7);
    report.put("artifact_kind", "dome.task.result/v0.2");
    report.put("task_id", "run-1-plan");
    report.put("status", "PASS");
    return report;
  }
}
