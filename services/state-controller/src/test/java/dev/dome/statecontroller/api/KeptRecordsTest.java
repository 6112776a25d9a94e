package dev.dome.statecontroller.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.id.Sha256;
import dev.dome.contracts.wire.KnownEvidence;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept beside the journal, and what the journal names. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class KeptRecordsTest {
  private static final long START_MS = 1_795_000_000_000L;
  private static final int LANE = 901;

  private final SeedStore store = new SeedStore();
  private final String namespace = "ns-" + UUID.randomUUID();

  private ValidatableResponse get(String resource) {
    return given()
        .header("Authorization", TestTokens.bearer("alice", namespace, "auditor"))
        .get("/v1/namespaces/" + namespace + "/" + resource)
        .then();
  }

  private static ValidatableResponse system(String path) {
    return given()
        .header("Authorization", TestTokens.bearer("carol", "dome-system", "operator"))
        .urlEncodingEnabled(false)
        .get(path)
        .then();
  }

  private static KnownEvidence file(String content, String mediaType, String redaction) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new KnownEvidence(
        new Sha256(CanonicalJson.sha256(bytes)), bytes.length, mediaType, redaction);
  }

  @Test
  void evidenceSaysWhatItIsAndWhichAttemptNamedIt() {
    KnownEvidence log = file("a log", "text/plain; charset=utf-8", "CHECKED");
    KnownEvidence image = file("an image", "image/png", "OPAQUE");
    SeededRun run =
        SeededRun.submitted(store, namespace, "named-run", START_MS)
            .claim("plan")
            .passNaming("plan", log, image)
            .claimAndPass("implement");

    get("runs/named-run/evidence")
        .statusCode(200)
        .body("items", hasSize(2))
        .body("items.sha256", contains(log.sha256().value(), image.sha256().value()))
        .body("items.media_type", contains("text/plain; charset=utf-8", "image/png"))
        .body("items.redaction", contains("CHECKED", "OPAQUE"))
        .body("items.bytes", contains(5, 8))
        .body("items[0].task_id", equalTo("named-run-plan"))
        .body("items[0].attempt", equalTo(1))
        .body("items[0].attempt_id", notNullValue())
        .body("items[0].worker_id", equalTo("worker-1"))
        .body("items[0].carried", nullValue())
        .body("gate_digest", nullValue())
        .body("next_cursor", nullValue());

    run.claim("verify").passNaming("verify", log);
    String gateDigest = get("runs/named-run").extract().path("gate_digest");
    get("runs/named-run/evidence")
        .body("items", hasSize(3))
        .body("items[2].task_id", equalTo("named-run-verify"))
        .body("gate_digest", equalTo(gateDigest));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 200})
  void pagesOfEvidenceHoldEachFileOnce(int size) {
    KnownEvidence[] files = new KnownEvidence[3];
    for (int i = 0; i < files.length; i++) {
      files[i] = file("content " + i, "text/plain", "CHECKED");
    }
    SeededRun.submitted(store, namespace, "paged-run", START_MS)
        .claim("plan")
        .passNaming("plan", files)
        .claimAndPass("implement")
        .claim("verify")
        .passNaming("verify", files[2], files[0]);

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = page("runs/paged-run/evidence?page_size=" + size + cursor);
      assertThat(page.path("items").size()).isLessThanOrEqualTo(size);
      for (JsonNode item : page.path("items")) {
        seen.add(item.path("task_id").asText() + " " + item.path("sha256").asText());
        assertThat(item.path("media_type").asText()).isEqualTo("text/plain");
      }
      cursor = page.has("next_cursor") ? "&cursor=" + page.path("next_cursor").asText() : null;
    } while (cursor != null && seen.size() < 50);

    assertThat(seen)
        .containsExactly(
            "paged-run-plan " + files[0].sha256(),
            "paged-run-plan " + files[1].sha256(),
            "paged-run-plan " + files[2].sha256(),
            "paged-run-verify " + files[2].sha256(),
            "paged-run-verify " + files[0].sha256());
  }

  private JsonNode page(String resource) {
    return Json.read(get(resource).statusCode(200).extract().asByteArray(), JsonNode.class);
  }

  @Test
  void whatARedriveTookOverIsNamedWithWhatIsKnownOfIt() {
    KnownEvidence log = file("the plan's log", "text/plain", "CHECKED");
    SeededRun old =
        SeededRun.submitted(store, namespace, "old-run", START_MS)
            .claim("plan")
            .passNaming("plan", log);
    String deadLetterId = old.giveUp("implement");

    JsonNode known = page("redrive-plans/" + deadLetterId).path("evidence");
    assertThat(known).hasSize(1);
    SeededRun.redriving(store, old, Json.read(known.get(0), KnownEvidence.class));

    get("runs/old-run.r1/evidence")
        .body("items", hasSize(1))
        .body("items[0].task_id", equalTo("old-run-plan"))
        .body("items[0].carried", equalTo(true))
        .body("items[0].attempt_id", nullValue())
        .body("items[0].sha256", equalTo(log.sha256().value()))
        .body("items[0].media_type", equalTo("text/plain"));
    get("runs/old-run/evidence").body("items", hasSize(1)).body("items[0].attempt", equalTo(1));
  }

  @Test
  void aStateSpaceHasTheBundleOfItsResultsAndFitsItsSchema() {
    SeededRun.submitted(store, namespace, "space-run", START_MS)
        .claim("plan")
        .passNaming("plan", file("x", "text/plain", "CHECKED"));

    JsonNode space = page("runs/space-run/state-space");

    assertThat(SchemaCatalog.standard().validate(SchemaNames.STATE_SPACE, space)).isEmpty();
    assertThat(space.at("/work_items/0/telemetry").isMissingNode())
        .as("evidence without otel and signals is no bundle")
        .isTrue();
  }

  @Test
  void lateReportsComeInTheOrderTheyCameAndPageByPage() {
    SeededRun run = SeededRun.submitted(store, namespace, "late-run", START_MS).claim("plan");
    String attemptId = run.state().tasks().getFirst().attemptId().value();
    String body = "{\"fence\":3,\"result\":{\"task_id\":\"late-run-plan\",\"status\":\"PASS\"}}";
    for (int i = 0; i < 5; i++) {
      String operation = "op-" + i + "-" + namespace;
      store.writeLateReport(run.state(), operation, attemptId, START_MS + i / 2, body);
    }

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = page("runs/late-run/late-reports?page_size=2" + cursor);
      page.path("items").forEach(item -> seen.add(item.path("operation_id").asText()));
      cursor = page.has("next_cursor") ? "&cursor=" + page.path("next_cursor").asText() : null;
    } while (cursor != null);

    assertThat(seen).hasSize(5).isSorted();
    get("runs/late-run/late-reports")
        .body("items[0].attempt_id", equalTo(attemptId))
        .body("items[0].run_uid", equalTo(run.state().runUid().value()))
        .body("items[0].reason_code", equalTo("ATTEMPT.FENCED"))
        .body("items[0].actor.subject", equalTo("eve"))
        .body("items[0].received_at", equalTo("2026-11-18T11:06:40.000Z"))
        .body("items[0].report.fence", equalTo(3))
        .body("items[0].report.result.status", equalTo("PASS"))
        .body("items[0].received_at_ms", nullValue());
  }

  @Test
  void aCursorOfAnotherListIsRefused() {
    SeededRun run = SeededRun.submitted(store, namespace, "cursor-run", START_MS).claim("plan");
    SeededRun.submitted(store, namespace, "other-run", START_MS);
    String attemptId = run.state().tasks().getFirst().attemptId().value();
    for (int i = 0; i < 2; i++) {
      store.writeLateReport(run.state(), "op-" + i + "-" + namespace, attemptId, START_MS, "{}");
    }
    String cursor = get("runs/cursor-run/late-reports?page_size=1").extract().path("next_cursor");

    for (String list : List.of("other-run/late-reports", "cursor-run/evidence")) {
      get("runs/" + list + "?cursor=" + cursor)
          .statusCode(400)
          .body("reason_code", equalTo("REQUEST.BAD_CURSOR"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evidence", "late-reports"})
  void aRunOfAnotherNamespaceIsAsAbsentAsOneThatIsNot(String resource) {
    SeededRun.submitted(store, namespace, "secret-run", START_MS);
    String stranger = TestTokens.bearer("mallory", "ns-" + UUID.randomUUID(), "operator");

    given()
        .header("Authorization", stranger)
        .get("/v1/namespaces/" + namespace + "/runs/secret-run/" + resource)
        .then()
        .statusCode(404);
    get("runs/no-such-run/" + resource).statusCode(404);
    get("runs/secret-run/" + resource + "?page_size=0").statusCode(400);
  }

  @Test
  void poisonIsListedByLaneAndShownWithItsCause() {
    String life = "life-" + UUID.randomUUID();
    store.writePoison(LANE, life, 7, "no json at all");
    store.writePoison(
        LANE,
        life,
        12,
        "{\"kind\":\"SUBMIT_RUN\",\"namespace\":\"team-a\",\"run_id\":\"pkt-1\",\"body\":{\"n\":1}}");

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          Json.read(
              system("/v1/poison?page_size=1&lane=" + LANE + cursor)
                  .statusCode(200)
                  .extract()
                  .asByteArray(),
              JsonNode.class);
      for (JsonNode item : page.path("items")) {
        assertThat(item.has("message")).isFalse();
        if (item.path("inbox_incarnation").asText().equals(life)) {
          seen.add(item.path("poison_id").asText());
        }
      }
      cursor = page.has("next_cursor") ? "&cursor=" + page.path("next_cursor").asText() : null;
    } while (cursor != null);

    assertThat(seen).containsExactly(LANE + "-7-" + life, LANE + "-12-" + life);
    system("/v1/poison/" + seen.getFirst())
        .statusCode(200)
        .body("reason_code", equalTo("INTERNAL.POISON"))
        .body("cause", equalTo("it broke"))
        .body("at", equalTo("2026-11-18T11:06:40.000Z"))
        .body("namespace", nullValue())
        .body("message", equalTo("no json at all"));
    system("/v1/poison/" + seen.getLast())
        .body("kind", equalTo("SUBMIT_RUN"))
        .body("namespace", equalTo("team-a"))
        .body("run_id", equalTo("pkt-1"))
        .body("message.body.n", equalTo(1));
    system("/v1/poison?lane=0").body("items.lane", not(hasItem(LANE)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"901-1-nothing", "nonsense", "901", "99999-1-x", "901--1-x"})
  void poisonThatIsNotThereIsNotFound(String id) {
    system("/v1/poison/" + id).statusCode(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lane=1024", "lane=x", "page_size=0", "cursor=!!"})
  void aBadQuestionAboutPoisonIsABadRequest(String query) {
    system("/v1/poison?" + query).statusCode(400);
  }

  @Test
  void poisonIsForOperatorsAndAuditorsOfDomeOnly() {
    for (String path : List.of("/v1/poison", "/v1/poison/901-1-x")) {
      given()
          .header("Authorization", TestTokens.bearer("carol", namespace, "operator"))
          .get(path)
          .then()
          .statusCode(404);
      given()
          .header("Authorization", TestTokens.bearer("carol", "dome-system", "worker"))
          .get(path)
          .then()
          .statusCode(403);
    }
  }

  @Test
  void poisonCanBeAlertedOn() {
    given().get("/q/metrics").then().body(containsString("dome_lane_poison_total"));
  }
}
