package dev.dome.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.testkit.StackTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
@QuarkusTestResource(RedriveOwners.class)
class RedriveTest extends ServiceTest {
  private static final String FIRST_RUN = "0123456789abcdef0123456789abcdef";
  private static final String SECOND_RUN = "fedcba9876543210fedcba9876543210";
  private static final String UNKNOWN_RUN = "00000000000000000000000000000000";
  private static final String REQUEST = "{\"comment\": \"The mirror is back\"}";

  private String path(String rest) {
    return "/v1/namespaces/" + namespace + "/" + rest;
  }

  private ObjectNode planned(String runUid, String runId, boolean runFinal) {
    ObjectNode plan = Json.mapper().createObjectNode();
    plan.put("run_id", runId).put("run_uid", runUid).put("run_final", runFinal);
    plan.put("next_run_id", runId + ".r1").put("source_kind", "PRE_CONTRACT");
    plan.set("document", Requests.preContract(runId));
    plan.putArray("submitters").add("alice");
    plan.putArray("dead_letters")
        .addObject()
        .put("task_id", runId + "-implement")
        .put("dead_letter_id", runUid + "-9");
    plan.putArray("carried").addObject().put("task_id", runId + "-plan").put("status", "PASS");
    return plan;
  }

  private ObjectNode large(String runUid, String runId) {
    ObjectNode plan = planned(runUid, runId, true);
    ((ObjectNode) plan.at("/carried/0")).put("notes", "x".repeat(1_500_000));
    return plan;
  }

  private void plan(String runUid, ObjectNode plan) {
    RedriveOwners.ANSWERS.put(path("redrive-plans/" + runUid + "-9"), plan.toString());
  }

  private ValidatableResponse redrive(String deadLetterId, String body) {
    return Requests.as(namespace, "operator")
        .body(body)
        .post(path("dead-letters/" + deadLetterId + "/redrive"))
        .then();
  }

  @Test
  void aRedriveIsASubmissionThatCarriesWhatItsOwnerSaysOfTheOldRun() {
    plan(FIRST_RUN, planned(FIRST_RUN, "run-1", true));
    controller.decides(Requests::created);

    redrive(FIRST_RUN + "-9", REQUEST)
        .statusCode(201)
        .header("Location", endsWith("/runs/run-1.r1"))
        .body("run_id", equalTo("run-1.r1"));
    redrive(FIRST_RUN + "-9", REQUEST).statusCode(201);
    redrive(FIRST_RUN + "-9", "{\"comment\": \"Once more\"}").statusCode(201);

    List<InboxMessage> messages = controller.heardOf(namespace);
    InboxMessage message = messages.getFirst();
    assertThat(message.kind()).isEqualTo(InboxKind.SUBMIT_RUN);
    assertThat(message.runId()).isEqualTo(new RunId("run-1.r1"));
    assertThat(message.body().path("redrive_of").asText()).isEqualTo("run-1");
    assertThat(message.body().path("document").path("packet_id").asText()).isEqualTo("run-1");
    assertThat(message.body().at("/redrive/carried/0/task_id").asText()).isEqualTo("run-1-plan");
    assertThat(message.body().at("/redrive/dead_letters/0/dead_letter_id").asText())
        .isEqualTo(FIRST_RUN + "-9");
    assertThat(message.body().at("/redrive/reason_code").asText()).isEqualTo("OPERATOR.REDRIVE");
    assertThat(message.body().at("/redrive/submitters/0").asText()).isEqualTo("alice");
    assertThat(messages.get(1).idempotency()).isEqualTo(message.idempotency());
    assertThat(messages.get(2).idempotency().key()).isNotEqualTo(message.idempotency().key());
    assertThat(RedriveOwners.TOKENS.get(path("redrive-plans/" + FIRST_RUN + "-9")))
        .startsWith("Bearer ey");
  }

  @Test
  void whatCannotBeRedrivenIsRefusedAndNothingIsStored() {
    plan(FIRST_RUN, planned(FIRST_RUN, "run-1", false));
    plan(SECOND_RUN, large(SECOND_RUN, "run-2"));

    redrive(FIRST_RUN + "-9", REQUEST)
        .statusCode(409)
        .body("reason_code", equalTo("REDRIVE.RUN_OPEN"));
    redrive(SECOND_RUN + "-9", REQUEST)
        .statusCode(413)
        .body("reason_code", equalTo("REDRIVE.TOO_LARGE"));
    redrive(SECOND_RUN + "-10", REQUEST)
        .statusCode(404)
        .body("reason_code", equalTo("REQUEST.NOT_FOUND"));
    redrive(FIRST_RUN + "-9", "{\"comment\": \" \"}").statusCode(422);
    redrive(FIRST_RUN + "-9", "{\"comment\": \"c\", \"reason_code\": \"NO.SUCH\"}").statusCode(422);

    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @Test
  void anOwnerThatDoesNotEndItsAnswerIsAwayAndItsConnectionsAreGivenUp() throws Exception {
    RedriveOwners.ANSWERS.put(path("redrive-plans/" + FIRST_RUN + "-9"), RedriveOwners.TRICKLES);

    redrive(FIRST_RUN + "-9", REQUEST)
        .statusCode(503)
        .body("reason_code", equalTo("INFRA.OWNER_UNAVAILABLE"));

    assertThat(RedriveOwners.GIVEN_UP.poll(10, TimeUnit.SECONDS)).isTrue();
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @Test
  void aBulkRedriveStartsEachRunOnceAndADryRunNone() {
    plan(FIRST_RUN, planned(FIRST_RUN, "run-1", true));
    plan(SECOND_RUN, planned(SECOND_RUN, "run-2", false));
    listed(FIRST_RUN + "-9", SECOND_RUN + "-9", FIRST_RUN + "-12");
    controller.decides(Requests::created);

    bulk(true)
        .body("dry_run", equalTo(true))
        .body("items", hasSize(2))
        .body("items[0].redriven_as", equalTo("run-1.r1"))
        .body("items[0].dead_letter_ids", contains(FIRST_RUN + "-9", FIRST_RUN + "-12"))
        .body("items[1].reason_code", equalTo("REDRIVE.RUN_OPEN"));
    assertThat(controller.heardOf(namespace)).isEmpty();

    bulk(false).body("items.status", contains(201, 409)).body("more", equalTo(false));
    assertThat(controller.heardOf(namespace))
        .extracting(InboxMessage::runId)
        .containsExactly(new RunId("run-1.r1"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachRunOfABulkRedriveIsRefusedAsItIsAlone(boolean dryRun) {
    plan(FIRST_RUN, planned(FIRST_RUN, "run-1", false));
    plan(SECOND_RUN, large(SECOND_RUN, "run-2"));
    listed(FIRST_RUN + "-9", SECOND_RUN + "-9", UNKNOWN_RUN + "-9");

    bulk(dryRun)
        .body("items.status", contains(409, 413, 404))
        .body(
            "items.reason_code",
            contains("REDRIVE.RUN_OPEN", "REDRIVE.TOO_LARGE", "REQUEST.NOT_FOUND"));

    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @Test
  void aRunThatTheControllerRefusesToRedriveHasItsStatusAndOperation() {
    plan(FIRST_RUN, planned(FIRST_RUN, "run-1", true));
    listed(FIRST_RUN + "-9");
    controller.decides(RedriveTest::underWay);

    bulk(false)
        .body("items[0].status", equalTo(409))
        .body("items[0].reason_code", equalTo("REDRIVE.UNDER_WAY"))
        .body("items[0].operation_id", equalTo(operation()));
  }

  private String operation() {
    return controller.heardOf(namespace).getFirst().operationId();
  }

  private static Outcome underWay(InboxMessage message) {
    return new Outcome(
        message.operationId(),
        409,
        null,
        new ReasonCode("REDRIVE.UNDER_WAY"),
        "expected no redrive under way",
        null,
        null);
  }

  private void listed(String... deadLetterIds) {
    ObjectNode page = Json.mapper().createObjectNode();
    for (String id : deadLetterIds) {
      page.withArray("items")
          .addObject()
          .put("dead_letter_id", id)
          .put("run_uid", id.substring(0, id.indexOf('-')))
          .put("run_id", "run-of-" + id.charAt(0));
    }
    RedriveOwners.ANSWERS.put(path("dead-letters"), page.toString());
  }

  private ValidatableResponse bulk(boolean dryRun) {
    return Requests.as(namespace, "operator")
        .body("{\"filter\": {}, \"dry_run\": " + dryRun + ", \"comment\": \"again\"}")
        .post(path("dead-letters/redrive"))
        .then()
        .statusCode(200);
  }
}
