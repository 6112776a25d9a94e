package dev.dome.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.testkit.StackTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class SubmissionTest extends ServiceTest {

  @Test
  void anAcceptedSubmissionIsCreatedAtItsLocation() {
    controller.decides(Requests::created);
    Requests.as(namespace, "submitter")
        .body(Requests.preContract("run-1").toString())
        .post(Requests.runs(namespace))
        .then()
        .statusCode(201)
        .header("Location", endsWith("/v1/namespaces/" + namespace + "/runs/run-1"))
        .body("run_id", equalTo("run-1"))
        .body("position.sequence", equalTo(2));

    InboxMessage message = controller.lastOf(namespace);
    assertThat(message.kind()).isEqualTo(InboxKind.SUBMIT_RUN);
    assertThat(message.runId()).isEqualTo(new RunId("run-1"));
    assertThat(message.actor().subject()).isEqualTo("tester");
    assertThat(message.actor().roles()).containsExactly("submitter");
    assertThat(message.idempotency().operation()).isEqualTo("runs.submit");
    assertThat(message.idempotency().key()).isEqualTo("run:run-1");
    assertThat(message.idempotency().derived()).isTrue();
    assertThat(message.idempotency().bodyHmac()).matches("[0-9a-f]{64}");
    assertThat(message.body().path("source_kind").asText()).isEqualTo("PRE_CONTRACT");
    assertThat(message.body().path("document").path("packet_id").asText()).isEqualTo("run-1");
    assertThat(message.operationId()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.*");
  }

  @Test
  void theSameBodyHasTheSameDigestAndAnotherBodyAnother() {
    controller.decides(Requests::created);
    submit("run-1", "key-a");
    submit("run-1", "key-a");
    submit("run-2", "key-a");

    List<InboxMessage> messages = controller.heardOf(namespace);
    assertThat(messages).allMatch(m -> m.idempotency().key().equals("key-a"));
    assertThat(messages).noneMatch(m -> m.idempotency().derived());
    assertThat(messages.get(0).idempotency()).isEqualTo(messages.get(1).idempotency());
    assertThat(messages.get(2).idempotency().bodyHmac())
        .isNotEqualTo(messages.get(0).idempotency().bodyHmac());
  }

  @Test
  void aRepeatedSubmissionIsAnsweredAsTheControllerSays() {
    controller.decides(message -> Requests.accepted(message, 200));
    String operationId =
        Requests.as(namespace, "submitter")
            .body(Requests.preContract("run-1").toString())
            .post(Requests.runs(namespace))
            .then()
            .statusCode(200)
            .body("run_id", equalTo("run-1"))
            .extract()
            .header("Dome-Operation-Id");

    assertThat(operationId).isEqualTo(controller.lastOf(namespace).operationId());
  }

  @ParameterizedTest
  @CsvSource({
    "409, RUN.ID_CONFLICT",
    "409, IDEMPOTENCY.CONFLICT",
    "422, PLAN.CYCLE",
    "409, STATE.INVALID_TRANSITION.CANCELLED.CANCEL"
  })
  void aRejectionBecomesAProblemWithItsReason(int status, String code) {
    controller.decides(message ->
        new Outcome(
            message.operationId(),
            status,
            null,
            new ReasonCode(code),
            "expected something else",
            List.of(new FieldError("/tasks/1", new ReasonCode(code), "here")),
            null));
    Requests.as(namespace, "submitter")
        .body(Requests.preContract("run-1").toString())
        .post(Requests.runs(namespace))
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status))
        .body("reason_code", equalTo(code))
        .body("operation_id", matchesPattern("[0-9a-f-]{36}"))
        .body("detail", equalTo("expected something else"))
        .body("errors[0].pointer", equalTo("/tasks/1"));
  }

  @Test
  void silenceOfTheControllerIs202WithTheOperationsAddress() {
    controller.staysSilent();
    String location =
        Requests.as(namespace, "submitter")
            .body(Requests.preContract("run-1").toString())
            .post(Requests.runs(namespace))
            .then()
            .statusCode(202)
            .body("status", equalTo("QUEUED"))
            .header("Location", matchesPattern(".*/operations/[0-9a-f-]{36}"))
            .extract()
            .header("Location");

    assertThat(location)
        .endsWith(
            "/v1/namespaces/"
                + namespace
                + "/operations/"
                + controller.lastOf(namespace).operationId());
  }

  @Test
  void aMessageTravelsOnTheLaneOfItsRunWithItsTrace() {
    controller.decides(Requests::created);
    String traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    Requests.as(namespace, "submitter")
        .header("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01")
        .body(Requests.preContract("run-1").toString())
        .post(Requests.runs(namespace))
        .then()
        .statusCode(201);

    assertThat(controller.lastOf(namespace).traceparent()).contains(traceId);
    assertThat(controller.lastSubject())
        .isEqualTo(
            "dome.inbox." + Lane.of(new NamespaceId(namespace), new RunId("run-1"), 16).number());
  }

  private void submit(String runId, String key) {
    Requests.as(namespace, "submitter")
        .header("Idempotency-Key", key)
        .body(Requests.preContract(runId).toString())
        .post(Requests.runs(namespace))
        .then()
        .statusCode(201);
  }
}
