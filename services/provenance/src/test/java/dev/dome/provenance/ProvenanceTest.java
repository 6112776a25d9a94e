package dev.dome.provenance;

import static dev.dome.provenance.GoldenLane.LANE;
import static dev.dome.provenance.GoldenLane.NAMESPACE;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.messaging.NatsLink;
import dev.dome.provenance.application.FollowedLedgers;
import dev.dome.provenance.application.Ledgers;
import dev.dome.provenance.application.ManifestLoop;
import dev.dome.provenance.application.ProvenanceObserver;
import dev.dome.provenance.application.ProvenanceStore;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frozen histories go in by the stream; their manifests and replays come out over HTTP. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "provenance"))
@QuarkusTestResource(ControllerStub.class)
class ProvenanceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String RUN = "golden-approve";
  private static final List<String> SOUND =
      List.of(RUN, "golden-retry", "queue-run.r1", ControllerStub.AWAY_AT_FIRST);

  @Inject NatsLink link;
  @Inject ProvenanceStore store;
  @Inject Ledgers ledgers;
  @Inject ProvenanceObserver observer;
  @Inject Transactions transactions;

  private final GoldenLane lane = ControllerStub.lane();

  /** The journal but for its last row; a repeat is skipped. */
  @BeforeEach
  void publish() throws Exception {
    int rows = lane.rows().size() - 1;
    publish(0, rows);
    await().atMost(PATIENCE).until(() -> position() >= rows);
  }

  private void publish(int from, int to) throws Exception {
    List<byte[]> rows = lane.rows().subList(from, to).stream().map(Json::write).toList();
    assertThat(link.rowPublisher().publish(LANE, rows).get(10, TimeUnit.SECONDS).stored()).isTrue();
  }

  private long position() {
    return store.position(LANE).await().atMost(PATIENCE);
  }

  private static RequestSpecification as(String... roles) {
    return given().header("Authorization", TestTokens.bearer("reader", NAMESPACE, roles));
  }

  private static String manifestOf(String runId) {
    return "/v1/namespaces/" + NAMESPACE + "/runs/" + runId + "/manifest";
  }

  private static Response manifest(String runId) {
    await().atMost(PATIENCE).until(() -> as("auditor").get(manifestOf(runId)).statusCode() == 200);
    return as("auditor").get(manifestOf(runId));
  }

  private static long replaysByItself(String runId, String result) {
    JsonNode page =
        Json.read(
            as("auditor").get("/v1/namespaces/team-a/replays?page_size=200").asByteArray(),
            JsonNode.class);
    long count = 0;
    for (JsonNode replay : page.path("items")) {
      if (replay.path("run_id").asText().equals(runId)
          && replay.path("requested_by").asText().equals("dome-provenance")
          && replay.path("result").asText().equals(result)) {
        count++;
      }
    }
    return count;
  }

  @Test
  void a_run_that_completed_gets_a_manifest_whose_tag_is_its_digest() {
    Response answer = manifest(RUN);

    byte[] body = answer.asByteArray();
    assertThat(answer.header("ETag")).isEqualTo('"' + CanonicalJson.sha256(body) + '"');
    JsonNode manifest = Json.read(body, JsonNode.class);
    assertThat(CanonicalJson.bytes(manifest)).isEqualTo(body);
    assertThat(manifest.at("/artifacts/journal/head_hash").asText())
        .isEqualTo(lane.run(RUN).getLast().hash());
    as("auditor")
        .header("If-None-Match", answer.header("ETag"))
        .get(manifestOf(RUN))
        .then()
        .statusCode(304);
  }

  @Test
  void a_ledger_that_cannot_be_read_at_first_is_read_later() {
    assertThat(
            manifest(ControllerStub.AWAY_AT_FIRST).jsonPath().getString("artifacts.outcome.status"))
        .isEqualTo("EXPIRED");
  }

  @Test
  void a_run_whose_record_was_changed_has_no_manifest_and_says_where_it_differs() {
    await()
        .atMost(PATIENCE)
        .until(() -> as("auditor").get(manifestOf(ControllerStub.FORGED)).statusCode() == 409);

    as("auditor")
        .get(manifestOf(ControllerStub.FORGED))
        .then()
        .body("reason_code", equalTo("PROVENANCE.REPLAY_DIFFERS"));
    assertThat(replaysByItself(ControllerStub.FORGED, "DIFFERENCE")).isPositive();
    as("operator")
        .contentType("application/json")
        .body(Map.of("run_id", ControllerStub.FORGED))
        .post("/v1/namespaces/team-a/replays")
        .then()
        .statusCode(200)
        .body("result", equalTo("DIFFERENCE"))
        .body("what", equalTo("/envelope/payload/decision/risk_score"))
        .body("recorded", equalTo("1"))
        .body("derived", equalTo("95"));
  }

  @Test
  void a_replay_on_request_answers_what_it_finds_and_is_kept() {
    String id =
        as("submitter")
            .contentType("application/json")
            .body(Map.of("run_id", RUN))
            .post("/v1/namespaces/team-a/replays")
            .then()
            .statusCode(200)
            .body("result", equalTo("MATCH"))
            .body("complete", equalTo(true))
            .body("status", equalTo("PROMOTED"))
            .body("head_hash", equalTo(lane.run(RUN).getLast().hash()))
            .body("requested_by", equalTo("reader"))
            .extract()
            .path("replay_id");

    as("worker")
        .get("/v1/namespaces/team-a/replays/" + id)
        .then()
        .statusCode(200)
        .body("run_id", equalTo(RUN));
    given()
        .header("Authorization", TestTokens.bearer("reader", "team-b", "auditor"))
        .get("/v1/namespaces/team-b/replays/" + id)
        .then()
        .statusCode(404);
  }

  @Test
  void a_run_that_goes_on_is_replayed_as_far_as_it_came() {
    as("auditor")
        .contentType("application/json")
        .body(Map.of("run_id", ControllerStub.UNDER_WAY))
        .post("/v1/namespaces/team-a/replays")
        .then()
        .statusCode(200)
        .body("result", equalTo("MATCH"))
        .body("complete", equalTo(false));
  }

  @Test
  void replays_are_listed_page_by_page_the_latest_first() {
    manifest(RUN);
    manifest("golden-retry");

    Response first = as("auditor").get("/v1/namespaces/team-a/replays?page_size=1");
    Response second =
        as("auditor")
            .queryParam("cursor", first.jsonPath().getString("next_cursor"))
            .get("/v1/namespaces/team-a/replays?page_size=1");

    first.then().statusCode(200).body("items", hasSize(1));
    second.then().statusCode(200).body("items", hasSize(1));
    assertThat(second.jsonPath().getString("items[0].verified_at"))
        .isLessThanOrEqualTo(first.jsonPath().getString("items[0].verified_at"));
    assertThat(second.jsonPath().getString("items[0].replay_id"))
        .isNotEqualTo(first.jsonPath().getString("items[0].replay_id"));
  }

  @Test
  void who_may_not_is_refused_and_what_is_not_there_is_not_found() {
    Map<String, String> run = Map.of("run_id", RUN);
    as("worker")
        .contentType("application/json")
        .body(run)
        .post("/v1/namespaces/team-a/replays")
        .then()
        .statusCode(403);
    given().get(manifestOf(RUN)).then().statusCode(401);
    given()
        .header("Authorization", TestTokens.bearer("reader", "team-b", "auditor"))
        .get(manifestOf(RUN))
        .then()
        .statusCode(404);
    as("auditor").get(manifestOf("no-such-run")).then().statusCode(404);
    as("auditor")
        .contentType("application/json")
        .body(Map.of("run_id", "no-such-run"))
        .post("/v1/namespaces/team-a/replays")
        .then()
        .statusCode(404);
    as("auditor")
        .contentType("application/json")
        .body(Map.of("run_id", "../x"))
        .post("/v1/namespaces/team-a/replays")
        .then()
        .statusCode(400);
    as("auditor")
        .contentType("application/json")
        .body(Map.of("run_id", ControllerStub.ALWAYS_AWAY))
        .post("/v1/namespaces/team-a/replays")
        .then()
        .statusCode(503)
        .body("reason_code", equalTo("INFRA.OWNER_UNAVAILABLE"));
  }

  @Test
  void a_stored_manifest_cannot_be_changed() {
    manifest(RUN);

    assertThatThrownBy(
            () -> execute("update manifest set stored_at_ms = 0").await().atMost(PATIENCE))
        .hasMessageContaining("a stored manifest is never changed");
  }

  @Test
  void a_database_that_lost_everything_is_made_again_byte_for_byte_even_by_two_at_once()
      throws Exception {
    Map<String, byte[]> before = manifests();
    for (String table : List.of("manifest", "replay", "completed_run", "lane_cursor")) {
      execute("delete from " + table).await().atMost(PATIENCE);
    }

    try (ManifestLoop second =
        new ManifestLoop(
            store,
            new FollowedLedgers(0),
            ledgers,
            observer,
            Clock.systemUTC(),
            new ManifestLoop.Settings(10, 64, 4, 60_000, 60_000, 100))) {
      second.start();
      publish(lane.rows().size() - 1, lane.rows().size());
      await().atMost(PATIENCE).until(() -> position() == lane.rows().size());

      Map<String, byte[]> after = manifests();
      assertThat(after.keySet()).isEqualTo(before.keySet());
      after.forEach((run, bytes) -> assertThat(bytes).as(run).isEqualTo(before.get(run)));
    }
    publish();
    for (String run : SOUND) {
      assertThat(replaysByItself(run, "MATCH")).as("replays of " + run).isEqualTo(1);
    }
  }

  private static Map<String, byte[]> manifests() {
    Map<String, byte[]> bytes = new TreeMap<>();
    SOUND.forEach(run -> bytes.put(run, manifest(run).asByteArray()));
    return bytes;
  }

  private Uni<Integer> execute(String sql) {
    return transactions.in((session, context) -> session.createNativeQuery(sql).executeUpdate());
  }

  @Test
  void the_service_is_ready_and_counts_what_it_makes() {
    manifest(RUN);

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    given().get("/q/health/live").then().statusCode(200);
    assertThat(given().get("/q/metrics").asString())
        .contains(
            "dome_replays_total{result=\"match\"}",
            "dome_manifest_lag_seconds_count",
            "dome_manifests_awaiting",
            "dome_journal_lag");
  }
}
