package dev.dome.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.AccessDecision.Effect;
import dev.dome.contracts.wire.Outcome;
import dev.dome.messaging.AccessReader;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ingest lets through and refuses, as the audit gets it. */
@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class AccessRecordsTest extends ServiceTest {
  private final List<AccessDecision> decisions = new CopyOnWriteArrayList<>();
  private NatsLink link;
  private AccessReader reader;

  @BeforeEach
  void read() {
    link = NatsLink.open(LinkOptions.of(TestStack.shared().nats().url(), "access-test"));
    reader =
        AccessReader.read(
            link,
            "access-test",
            () -> CompletableFuture.completedStage(AccessReader.Position.START),
            this::note,
            missed -> {});
  }

  private CompletionStage<Void> note(AccessReader.Batch batch) {
    batch.deliveries().forEach(delivery -> decisions.addAll(delivery.batch().decisions()));
    return CompletableFuture.completedStage(null);
  }

  @AfterEach
  void stopReading() {
    reader.close();
    link.close();
  }

  private List<AccessDecision> awaitDecisions(int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> ours().size() >= count);
    return ours();
  }

  private List<AccessDecision> ours() {
    return decisions.stream()
        .filter(d -> d.namespace() != null && d.namespace().value().equals(namespace))
        .toList();
  }

  @Test
  void a_write_that_is_let_through_is_recorded_with_who_and_what() {
    controller.decides(Requests::created);

    Requests.as(namespace, "submitter")
        .body(Requests.preContract("run-1").toString())
        .post(Requests.runs(namespace))
        .then()
        .statusCode(201);

    AccessDecision allowed = awaitDecisions(1).getFirst();
    assertThat(allowed.effect()).isEqualTo(Effect.ALLOW);
    assertThat(allowed.subject()).isEqualTo("tester");
    assertThat(allowed.operation()).isEqualTo("SUBMIT_RUN");
    assertThat(allowed.reasonCode()).isNull();
    assertThat(allowed.traceId()).matches("[0-9a-f]{32}");
  }

  @Test
  void refusals_by_role_and_by_namespace_are_recorded_with_their_reason() {
    String path = Requests.runs(namespace) + "/run-1/cancel";
    Requests.as(namespace, "worker").body("{}").post(path).then().statusCode(403);
    Requests.as("t-elsewhere", "operator").body("{}").post(path).then().statusCode(404);

    List<AccessDecision> denied = awaitDecisions(2);
    assertThat(denied).allMatch(d -> d.effect() == Effect.DENY);
    assertThat(denied).allMatch(d -> d.operation().equals("CANCEL_RUN"));
    assertThat(denied).allMatch(d -> d.runId().value().equals("run-1"));
    assertThat(denied)
        .extracting(d -> d.reasonCode().value())
        .containsExactlyInAnyOrder("AUTH.SCOPE", "REQUEST.NOT_FOUND");
  }

  @Test
  void what_a_policy_forbids_to_the_right_role_is_recorded_as_denied() {
    controller.decides(message ->
        new Outcome(
            message.operationId(),
            403,
            null,
            new ReasonCode("POLICY.SELF_APPROVAL"),
            "not your own run",
            List.of(),
            null));

    Requests.as(namespace, "operator")
        .body("{}")
        .post(Requests.runs(namespace) + "/run-1/cancel")
        .then()
        .statusCode(403);

    assertThat(awaitDecisions(2))
        .extracting(AccessDecision::effect)
        .containsExactly(Effect.ALLOW, Effect.DENY);
    assertThat(ours().getLast().reasonCode().value()).isEqualTo("POLICY.SELF_APPROVAL");
  }

  @Test
  void a_worker_bound_to_queues_claims_from_no_other_and_the_attempt_is_recorded() {
    String token =
        TestStack.shared()
            .issuer()
            .mintBound(
                "bound",
                Map.of(namespace, List.of("worker")),
                Map.of(namespace, List.of("build")),
                Duration.ofMinutes(1));
    String claim = "{\"claim_id\":\"c-1\",\"worker_id\":\"w\"}";
    Map<String, String> places =
        Map.of(
            "queues/deploy/claims",
            claim,
            "attempts/" + Requests.ATTEMPT + "/result",
            "{\"fence\":1,\"artifact_kind\":\"dome.task.result/v0.2\",\"task_id\":\"t\",\"status\":\"PASS\","
                + "\"claim_next\":{\"queue\":\"deploy\",\"claim_id\":\"c-2\",\"worker_id\":\"w\"}}");
    places.forEach((path, body) ->
        given()
            .header("Authorization", "Bearer " + token)
            .contentType("application/json")
            .body(body)
            .post("/v1/namespaces/" + namespace + "/" + path)
            .then()
            .statusCode(403)
            .body("reason_code", equalTo("AUTH.QUEUE")));

    List<AccessDecision> denied =
        awaitDecisions(4).stream().filter(d -> d.effect() == Effect.DENY).toList();
    assertThat(denied).hasSize(2);
    assertThat(denied).allMatch(d -> d.reasonCode().value().equals("AUTH.QUEUE"));
    assertThat(denied).allMatch(d -> d.subject().equals("bound"));
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @Test
  void strangers_are_counted_and_neither_token_nor_body_is_recorded() {
    String stolen = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWxsb3J5In0.";
    for (int i = 0; i < 5; i++) {
      given()
          .header("Authorization", "Bearer " + stolen)
          .contentType("application/json")
          .body("{\"password\":\"hunter2hunter2\"}")
          .post(Requests.runs(namespace))
          .then()
          .statusCode(401);
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> ours().stream().mapToLong(AccessDecision::count).sum() == 5);
    assertThat(ours().size()).isLessThan(5);
    assertThat(ours()).allMatch(d -> d.subject() == null && d.source() != null);
    assertThat(ours()).allMatch(d -> d.reasonCode().value().equals("AUTH.BAD_ALG"));
    assertThat(decisions.toString()).doesNotContain("eyJ", "hunter2", "mallory");
  }

  @Test
  void what_is_recorded_is_counted() {
    controller.decides(Requests::created);
    Requests.as(namespace, "submitter")
        .body(Requests.preContract("run-2").toString())
        .post(Requests.runs(namespace));
    awaitDecisions(1);

    assertThat(given().get("/q/metrics").asString())
        .contains("dome_access_recorded_total", "dome_access_lost_total");
  }
}
