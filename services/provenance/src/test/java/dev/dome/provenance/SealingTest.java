package dev.dome.provenance;

import static dev.dome.provenance.GoldenLane.LANE;
import static dev.dome.provenance.GoldenLane.NAMESPACE;
import static dev.dome.provenance.application.PurgeStore.Place.BEGINNING;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.messaging.NatsLink;
import dev.dome.provenance.application.PurgeStore;
import dev.dome.provenance.application.SealStore;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import dev.dome.transparency.BundleCheck;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.FileLogStore;
import dev.dome.transparency.Growth;
import dev.dome.transparency.LogCheck;
import dev.dome.transparency.LogStore;
import dev.dome.transparency.TileId;
import dev.dome.transparency.TreeHead;
import dev.dome.transparency.TrustedRoot;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frozen histories go in by the stream; signed and logged statements come out over HTTP. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "provenance"))
@QuarkusTestResource(ControllerStub.class)
@QuarkusTestResource(AuditStub.class)
class SealingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String RUN = "golden-approve";

  @Inject PurgeStore purges;
  @Inject NatsLink link;
  @Inject SealStore store;
  @Inject Transactions transactions;

  @ConfigProperty(name = "dome.provenance.log.directory")
  Path directory;

  @BeforeEach
  void publish() throws Exception {
    GoldenLane lane = ControllerStub.lane();
    List<byte[]> rows =
        lane.rows().subList(0, lane.rows().size() - 1).stream().map(Json::write).toList();
    assertThat(link.rowPublisher().publish(LANE, rows).get(10, TimeUnit.SECONDS).stored()).isTrue();
  }

  private static RequestSpecification as(String... roles) {
    return given().header("Authorization", TestTokens.bearer("reader", NAMESPACE, roles));
  }

  private static String statements(String runId) {
    return "/v1/namespaces/" + NAMESPACE + "/runs/" + runId + "/statements";
  }

  private static byte[] bundle(String runId, String statement) {
    String path = statements(runId) + "/" + statement;
    await().atMost(PATIENCE).until(() -> as("auditor").get(path).statusCode() == 200);
    return as("auditor").get(path).asByteArray();
  }

  private static TrustedRoot trusted() {
    return TrustedRoot.read(log("trusted_root.json"), log("keys.json"));
  }

  private static JsonNode log(String name) {
    return Json.read(as("auditor").get("/v1/log/" + name).asByteArray(), JsonNode.class);
  }

  private static JsonNode verified(byte[] bundle) {
    BundleCheck.Verdict verdict = new BundleCheck(trusted()).check(bundle);
    assertThat(verdict).isInstanceOf(BundleCheck.Verdict.Accepted.class);
    return ((BundleCheck.Verdict.Accepted) verdict).statement();
  }

  @Test
  void aRunGetsThreeStatementsAboutItsManifest() {
    JsonNode provenance = verified(bundle(RUN, "provenance"));
    JsonNode gate = verified(bundle(RUN, "run-gate"));
    JsonNode summary = verified(bundle(RUN, "vsa"));

    Response manifest =
        as("auditor").get("/v1/namespaces/" + NAMESPACE + "/runs/" + RUN + "/manifest");
    for (JsonNode statement : List.of(provenance, gate, summary)) {
      assertThat('"' + statement.at("/subject/0/digest/sha256").asText() + '"')
          .isEqualTo(manifest.header("ETag"));
    }
    assertThat(provenance.path("predicateType").asText())
        .isEqualTo("https://slsa.dev/provenance/v1");
    assertThat(provenance.at("/predicate/buildDefinition/resolvedDependencies")).isNotEmpty();
    assertThat(gate.at("/predicate/journal/head_hash").asText())
        .isEqualTo(ControllerStub.lane().run(RUN).getLast().hash());
    assertThat(gate.at("/predicate/tasks")).hasSize(3);
    assertThat(gate.at("/predicate/gate/rules/0/result").asText()).isEqualTo("PASS");
    assertThat(summary.at("/predicate/verificationResult").asText()).isEqualTo("PASSED");
    as("auditor")
        .get(statements(RUN))
        .then()
        .statusCode(200)
        .body("items.findAll { it.statement != 'replay' }.size()", equalTo(3));
  }

  @Test
  void aRunThatFailedIsAttestedTooAndSaysSo() {
    assertThat(verified(bundle("golden-retry", "vsa")).at("/predicate/verificationResult").asText())
        .isEqualTo("FAILED");
  }

  @Test
  void replaysThatSomebodyAskedForAreSigned() {
    String id =
        as("submitter")
            .contentType("application/json")
            .body(Map.of("run_id", RUN))
            .post("/v1/namespaces/" + NAMESPACE + "/replays")
            .then()
            .statusCode(200)
            .extract()
            .path("replay_id");

    JsonNode replay = verified(bundle(RUN, id));

    assertThat(replay.at("/predicate/result").asText()).isEqualTo("MATCH");
    assertThat(replay.at("/predicate/replay_id").asText()).isEqualTo(id);
  }

  private static byte[] purge(ObjectNode document) {
    String path =
        "/v1/namespaces/" + NAMESPACE + "/purge-statements/" + CanonicalJson.sha256(document);
    await().atMost(PATIENCE).until(() -> as("auditor").get(path).statusCode() == 200);
    String other = TestTokens.bearer("reader", "team-b", "auditor");
    given().header("Authorization", other).get(path).then().statusCode(404);
    given()
        .header("Authorization", other)
        .get(path.replace(NAMESPACE, "team-b"))
        .then()
        .statusCode(404);
    as("worker").get(path).then().statusCode(403);
    return as("auditor").get(path).asByteArray();
  }

  @Test
  void whatTheAuditPurgedIsSignedAndLoggedWithoutTheWordsOfWhoOrderedIt() {
    for (ObjectNode document : List.of(AuditStub.ofRun(), AuditStub.ofDecisions())) {
      JsonNode statement = verified(purge(document));

      assertThat(statement.at("/subject/0/digest/sha256").asText())
          .isEqualTo(CanonicalJson.sha256(document));
      assertThat(statement.path("predicateType").asText())
          .isEqualTo("https://dome.local/predicates/tombstone/v1");
      JsonNode predicate = statement.path("predicate");
      assertThat(predicate.path("records")).isEqualTo(document.path("records"));
      assertThat(predicate.path("head_hash")).isEqualTo(document.path("head_hash"));
      assertThat(predicate.toString()).doesNotContain("olga", "court", "told to");
    }
    as("auditor")
        .get(statements(RUN))
        .then()
        .body("items.findAll { it.statement == 'tombstone' }.size()", equalTo(0));
  }

  @Test
  void theLogIsServedAsTilesWithTheirLifetimes() {
    bundle(RUN, "vsa");
    Response note = as("auditor").get("/v1/log/checkpoint");
    Checkpoint checkpoint = Checkpoint.verified(note.asString(), trusted().logs()).orElseThrow();

    assertThat(note.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(LogCheck.whole(SealingTest::tile, checkpoint.head())).isEmpty();
    as("auditor")
        .header("If-None-Match", note.header("ETag"))
        .get("/v1/log/checkpoint")
        .then()
        .statusCode(org.hamcrest.Matchers.oneOf(200, 304));
    String first = new TileId.Part(new TileId(0, 0), 1).path();
    as("auditor")
        .get("/v1/log/" + first)
        .then()
        .statusCode(200)
        .header("Cache-Control", containsString("immutable"));
    for (String path : List.of("tile/0/000", "tile/0/x000/000", "tile/9/000.p/1", "tile/0/zzz")) {
      as("auditor").get("/v1/log/" + path).then().statusCode(404);
    }
    given().get("/v1/log/checkpoint").then().statusCode(401);
  }

  private static byte[] tile(TileId.Part part) {
    return as("auditor")
        .get("/v1/log/" + part.path())
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
  }

  @Test
  void theCopyBesideTheDatabaseIsTheSameLog() {
    bundle(RUN, "vsa");
    FileLogStore copy = FileLogStore.in(directory);

    Checkpoint published =
        Checkpoint.verified(copy.checkpoint().orElseThrow(), trusted().logs()).orElseThrow();

    assertThat(LogCheck.whole(copy, published.head())).isEmpty();
    assertThat(LogCheck.goesOnFrom(store, store.head(), published.head())).isEmpty();
  }

  @Test
  void aLogGrowsByItsSequencerAloneAndOnlyFromItsEnd() {
    bundle(RUN, "vsa");
    TreeHead head = store.head();
    Growth stale = Growth.of(TreeHead.EMPTY, store, List.of(new byte[] {1}));

    assertThat(store.claim("somebody else", 0, 0)).isFalse();
    assertThatThrownBy(() -> store.grow(stale)).isInstanceOf(LogStore.StaleHeadException.class);

    assertThat(store.head()).isEqualTo(head);
  }

  @Test
  void theDatabaseRefusesToRewriteTheLog() {
    bundle(RUN, "vsa");
    for (String sql :
        List.of(
            "update log_tile set body = '\\x00'::bytea",
            "delete from log_tile",
            "update statement set run_id = 'other'",
            "delete from statement")) {
      assertThatThrownBy(() ->
              transactions
                  .in((session, context) -> session.createNativeQuery(sql).executeUpdate())
                  .await()
                  .atMost(PATIENCE))
          .as(sql)
          .hasMessageMatching("(?s).*(only grows|stays|never changed).*");
    }
  }

  @Test
  void aDatabaseThatLostItsRowsReadsTheTombstonesFromTheirBeginning() {
    await().atMost(PATIENCE).until(() -> !purges.last().equals(BEGINNING));
    int lost =
        transactions
            .in((session, context) ->
                session.createNativeQuery("delete from tombstone_cursor").executeUpdate())
            .await()
            .atMost(PATIENCE);

    assertThat(lost).isEqualTo(1);
    await().atMost(PATIENCE).until(() -> !purges.last().equals(BEGINNING));
  }

  @Test
  void aFlippedBitIsRefused() {
    byte[] bundle = bundle(RUN, "provenance");
    String text = new String(bundle, StandardCharsets.UTF_8);
    int at = text.indexOf("\"payload\":\"") + 20;
    bundle[at] = (byte) (bundle[at] == 'A' ? 'B' : 'A');

    assertThat(new BundleCheck(trusted()).check(bundle))
        .isInstanceOf(BundleCheck.Verdict.Refused.class);
  }

  @Test
  void whoMayNotReadTheRunMayNotReadItsStatements() {
    bundle(RUN, "vsa");
    String other = TestTokens.bearer("reader", "team-b", "auditor");
    given().header("Authorization", other).get(statements(RUN)).then().statusCode(404);
    as("auditor").get(statements(RUN) + "/no-such").then().statusCode(404);
    assertThat(given().get("/q/metrics").asString())
        .contains("dome_seal_lag_seconds_count", "dome_statements_unsealed", "dome_log_halted 0.0");
  }
}
