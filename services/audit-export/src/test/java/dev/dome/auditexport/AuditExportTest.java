package dev.dome.auditexport;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.auditexport.application.AuditEntry;
import dev.dome.auditexport.application.AuditQuery;
import dev.dome.auditexport.application.AuditRecord;
import dev.dome.auditexport.application.AuditStore;
import dev.dome.auditexport.application.RecordKind;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.audit.OcsfActivity;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.AccessDecision.Effect;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.Subjects;
import dev.dome.journal.config.JournalConfig;
import dev.dome.messaging.NatsLink;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestStack;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each test has lanes and a namespace of its own, because the log stays in the shared database. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "audit-export"))
@QuarkusTestResource(JournalOwnerStub.class)
class AuditExportTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Inject NatsLink link;
  @Inject JournalConfig journal;
  @Inject AuditStore store;

  private void publish(Ledger ledger, Lane lane, int from, int to) throws Exception {
    assertThat(
            link.atomicBatches()
                .publish(Subjects.journal(lane), ledger.bodies(from, to))
                .get(10, TimeUnit.SECONDS)
                .stored())
        .isTrue();
  }

  private void publish(AccessBatch batch) throws Exception {
    assertThat(link.accessPublisher().publish(batch).get(10, TimeUnit.SECONDS).stored()).isTrue();
  }

  private static AccessDecision denied(String namespace, String subject, String runId) {
    return new AccessDecision(
        5_000,
        Effect.DENY,
        subject,
        null,
        "CANCEL_RUN",
        new NamespaceId(namespace),
        new RunId(runId),
        new ReasonCode("AUTH.SCOPE"),
        null,
        1,
        null);
  }

  private static AccessBatch batch(AccessDecision... decisions) {
    return new AccessBatch(UUID.randomUUID().toString(), "ingest", List.of(decisions));
  }

  private void awaitRecorded(Lane lane, long position) {
    await().atMost(PATIENCE).until(() -> store.position(lane).await().atMost(PATIENCE) == position);
  }

  private List<AuditRecord> records(String namespace) {
    return store
        .find(
            new AuditQuery(new NamespaceId(namespace), null, null, null, null, null, null, null),
            0,
            Long.MAX_VALUE,
            100_000)
        .await()
        .atMost(PATIENCE);
  }

  private List<AuditEntry> entries(String namespace) {
    return records(namespace).stream().map(AuditRecord::entry).toList();
  }

  private static List<AuditEntry> expected(List<PublishedRow> rows) {
    return rows.stream().<AuditEntry>map(AuditEntry.Journal::of).toList();
  }

  private static ValidatableResponse get(String namespace, String query) {
    return given()
        .header("Authorization", TestTokens.bearer("auditor-1", namespace, "auditor"))
        .get("/v1/namespaces/" + namespace + "/audit/records" + query)
        .then();
  }

  @Test
  void every_row_is_recorded_once_and_word_by_word() throws Exception {
    Lane lane = new Lane(1);
    Ledger ledger =
        new Ledger("tenant-rows", "run-rows", lane)
            .input("input.submit_run", "alice", Ledger.payload().put("text", "Größe \u2028 \"a\""))
            .event("plan.wave.created", Ledger.payload().put("share", 0.1 + 0.2).put("big", 1e21))
            .event("run.completed", Ledger.payload().put("status", "PROMOTED"));

    publish(ledger, lane, 1, 2);
    publish(ledger, lane, 1, 3);

    awaitRecorded(lane, 3);
    assertThat(entries("tenant-rows")).isEqualTo(expected(ledger.rows()));
    for (JsonNode item : items(get("tenant-rows", "?page_size=10"))) {
      assertThat(item.at("/journal/hash").asText()).isEqualTo(hashOf(item));
    }
  }

  private static List<JsonNode> items(ValidatableResponse response) {
    List<JsonNode> items = new ArrayList<>();
    Json.read(response.statusCode(200).extract().asByteArray(), JsonNode.class)
        .path("items")
        .forEach(items::add);
    return items;
  }

  /** What an auditor computes from a record to check it against the chain. */
  private static String hashOf(JsonNode item) {
    JsonNode journal = item.path("journal");
    ObjectNode row = Json.mapper().createObjectNode();
    row.set("run_uid", journal.path("run_uid"));
    row.set("namespace", item.path("namespace"));
    row.set("lane", journal.path("lane"));
    row.set("lane_position", journal.path("lane_position"));
    row.set("kind", journal.path("row_kind"));
    row.set("envelope", journal.path("envelope"));
    row.set("prev_hash", journal.path("prev_hash"));
    return Ledger.hash(row);
  }

  @Test
  void every_access_decision_is_recorded_once() throws Exception {
    AccessBatch batch =
        batch(denied("tenant-access", "mallory", "run-a"), denied("tenant-access", "eve", "run-b"));

    publish(batch);
    publish(batch);
    publish(batch(denied("tenant-access", "mallory", "run-a")));

    await().atMost(PATIENCE).until(() -> records("tenant-access").size() == 3);
    get("tenant-access", "?kind=ACCESS&actor=eve")
        .statusCode(200)
        .body("items.size()", equalTo(1))
        .body("items[0].run_id", equalTo("run-b"))
        .body("items[0].access.service", equalTo("ingest"))
        .body("items[0].access.decision.effect", equalTo("DENY"))
        .body("items[0].reason_codes", equalTo(List.of("AUTH.SCOPE")));
  }

  @Test
  void records_are_found_by_what_they_hold_and_listed_in_one_order() throws Exception {
    Lane lane = new Lane(2);
    String ns = "tenant-found";
    ObjectNode codes = Ledger.payload();
    codes.putArray("reason_codes").add("POLICY.NEEDS_HUMAN").add("VERIFY.TEST_FAILURE");
    Ledger ledger =
        new Ledger(ns, "run-found", lane)
            .input("input.submit_run", "alice", Ledger.payload())
            .event("gate.verdict", codes)
            .input(
                "input.cancel_run",
                "bob",
                Ledger.payload().put("reason_code", "OPERATOR.CANCELLED"))
            .event("run.cancelled", Ledger.payload().put("reason_code", "OPERATOR.CANCELLED"));
    publish(ledger, lane, 1, 4);
    awaitRecorded(lane, 4);
    publish(batch(denied(ns, "bob", "run-found"), denied(ns, "carol", "run-other")));
    await().atMost(PATIENCE).until(() -> records(ns).size() == 6);

    assertSizes(ns, "", 6, "?kind=JOURNAL", 4, "?kind=ACCESS", 2, "?run_id=run-found", 5);
    assertSizes(ns, "?run_id=run-other,run-found", 6, "?run_id=run-found,run-none&kind=ACCESS", 1);
    assertSizes(ns, "?actor=bob", 2, "?actor=alice&kind=ACCESS", 0, "?topic=gate.verdict", 1);
    assertSizes(ns, "?reason_code=OPERATOR.CANCELLED", 2, "?reason_code=VERIFY.TEST_FAILURE", 1);
    assertSizes(ns, "?reason_code=VERIFY.TEST", 0);
    assertSizes(ns, "?from=1970-01-01T00:00:02Z", 5, "?to=1970-01-01T00:00:02Z", 1);

    JsonNode ocsf = items(get(ns, "?actor=carol&format=OCSF")).getFirst();
    JsonNode record = items(get(ns, "?actor=carol&format=RECORD")).getFirst();
    assertThat(ocsf).isEqualTo(tree(OcsfActivity.of(record)));
    assertThat(ocsf.path("class_uid").asInt()).isEqualTo(6003);

    List<Long> seen = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      var page = get(ns, "?run_id=run-found&page_size=2" + cursor).statusCode(200).extract();
      page.jsonPath().getList("items.log_index", Long.class).forEach(seen::add);
      String next = page.path("next_cursor");
      cursor = next == null ? null : "&cursor=" + next;
    }
    assertThat(seen).hasSize(5).isSorted().doesNotHaveDuplicates();
  }

  private static JsonNode tree(JsonNode made) {
    return Json.read(Json.write(made), JsonNode.class);
  }

  private static void assertSizes(String namespace, Object... queriesAndSizes) {
    for (int i = 0; i < queriesAndSizes.length; i += 2) {
      assertThat(items(get(namespace, (String) queriesAndSizes[i])))
          .as((String) queriesAndSizes[i])
          .hasSize((int) queriesAndSizes[i + 1]);
    }
  }

  @Test
  void only_auditors_of_the_namespace_read_it_and_nonsense_is_refused() {
    String path = "/v1/namespaces/tenant-closed/audit/records";
    given().get(path).then().statusCode(401);
    given()
        .header("Authorization", TestTokens.bearer("ada", "tenant-closed", "operator"))
        .get(path)
        .then()
        .statusCode(403);
    given()
        .header("Authorization", TestTokens.bearer("ada", "tenant-other", "auditor"))
        .get(path)
        .then()
        .statusCode(404);
    for (String bad :
        List.of(
            "kind=ALL",
            "format=XML",
            "from=yesterday",
            "reason_code=x",
            "topic=A",
            "actor=" + "x".repeat(256),
            "page_size=0")) {
      get("tenant-closed", "?" + bad)
          .statusCode(400)
          .body("reason_code", equalTo("REQUEST.BAD_PARAMETER"));
    }
    // {"after":0}
    get("tenant-closed", "?cursor=eyJhZnRlciI6MH0")
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_CURSOR"));
    get("tenant-closed", "?cursor=abc")
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_CURSOR"));
  }

  @Test
  void a_run_is_exported_line_by_line_and_the_export_is_recorded() throws Exception {
    Lane lane = new Lane(3);
    String ns = "tenant-export";
    Ledger ledger = new Ledger(ns, "run-export", lane);
    for (int i = 0; i < 1_201; i++) {
      ledger.event("task.assigned", Ledger.payload().put("n", i));
    }
    publish(ledger, lane, 1, 1_000);
    publish(ledger, lane, 1_001, 1_201);
    awaitRecorded(lane, 1_201);

    String export =
        given()
            .header("Authorization", TestTokens.bearer("auditor-1", ns, "auditor"))
            .get("/v1/namespaces/" + ns + "/audit/exports/run-export")
            .then()
            .statusCode(200)
            .contentType("application/x-ndjson")
            .extract()
            .asString();

    List<String> hashes =
        export
            .lines()
            .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
            .map(line -> line.at("/journal/hash").asText())
            .toList();
    assertThat(hashes).isEqualTo(ledger.rows().stream().map(PublishedRow::hash).toList());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          AuditEntry last = entries(ns).getLast();
          assertThat(last).isInstanceOf(AuditEntry.Access.class);
          AccessDecision decision = ((AuditEntry.Access) last).decision();
          assertThat(decision.effect()).isEqualTo(Effect.ALLOW);
          assertThat(decision.operation()).isEqualTo("EXPORT_AUDIT");
          assertThat(decision.subject()).isEqualTo("auditor-1");
          assertThat(decision.runId()).isEqualTo(new RunId("run-export"));
        });
  }

  @Test
  void an_export_that_broke_off_is_gone_on_with_to_the_end_that_it_had() throws Exception {
    Lane lane = new Lane(13);
    String ns = "tenant-resumed";
    Ledger ledger = new Ledger(ns, "run-resumed", lane);
    for (int i = 0; i < 9; i++) {
      ledger.event("task.assigned", Ledger.payload().put("n", i));
    }
    publish(ledger, lane, 1, 6);
    awaitRecorded(lane, 6);
    var begun = export(ns, "run-resumed", "").statusCode(200).extract();
    List<String> whole = begun.asString().lines().toList();
    String size = begun.header("Audit-Log-Size");
    publish(ledger, lane, 7, 9);
    awaitRecorded(lane, 9);

    String from =
        "?from="
            + (Json.read(whole.get(3).getBytes(StandardCharsets.UTF_8), JsonNode.class)
                    .path("log_index")
                    .asLong()
                + 1);
    assertThat(lines(export(ns, "run-resumed", from + "&before=" + size)))
        .isEqualTo(whole.subList(4, 6));
    assertThat(lines(export(ns, "run-resumed", from)).stream().filter(l -> l.contains("JOURNAL")))
        .hasSize(5);
    assertThat(lines(export(ns, "run-resumed", "?from=" + size + "&before=" + size))).isEmpty();
    export(ns, "run-resumed", "?from=x")
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_PARAMETER"));
  }

  @Test
  void a_range_is_exported_as_it_is_shown_and_the_export_is_recorded_in_the_namespace()
      throws Exception {
    Lane lane = new Lane(14);
    String ns = "tenant-range";
    Ledger ledger = new Ledger(ns, "run-range", lane);
    for (int i = 0; i < 6; i++) {
      ledger.event("task.assigned", Ledger.payload().put("n", i));
    }
    publish(ledger, lane, 1, 6);
    awaitRecorded(lane, 6);
    List<Long> times = entries(ns).stream().map(AuditEntry::atMs).distinct().sorted().toList();
    String since = Timestamps.format(times.getFirst());
    String until = Timestamps.format(times.getLast());
    long inside =
        entries(ns).stream()
            .filter(entry -> entry.atMs() < times.getLast())
            .filter(AuditEntry.Journal.class::isInstance)
            .count();

    var begun = export(ns, "", "?since=" + since + "&until=" + until).statusCode(200).extract();
    List<String> whole = begun.asString().lines().toList();
    assertThat(whole).hasSize((int) inside);
    String rest = "?since=" + since + "&until=" + until + "&before=";
    assertThat(lines(export(ns, "", rest + begun.header("Audit-Log-Size")))).isEqualTo(whole);
    assertThat(lines(export(ns, "", rest + "0"))).isEmpty();
    assertThat(lines(export("tenant-elsewhere", "", "?since=" + since + "&until=" + until)))
        .isEmpty();
    for (String wrong : List.of("", "?since=" + since, "?since=x&until=" + until)) {
      export(ns, "", wrong).statusCode(400).body("reason_code", equalTo("REQUEST.BAD_PARAMETER"));
    }
    export(ns, "", "?since=" + until + "&until=" + until).statusCode(400);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          AuditEntry last = entries(ns).getLast();
          assertThat(last).isInstanceOf(AuditEntry.Access.class);
          AccessDecision decision = ((AuditEntry.Access) last).decision();
          assertThat(decision.operation()).isEqualTo("EXPORT_AUDIT");
          assertThat(decision.subject()).isEqualTo("auditor-1");
          assertThat(decision.runId()).isNull();
        });
  }

  private static ValidatableResponse export(String namespace, String runId, String query) {
    return given()
        .header("Authorization", TestTokens.bearer("auditor-1", namespace, "auditor"))
        .get(
            "/v1/namespaces/"
                + namespace
                + "/audit/exports"
                + (runId.isEmpty() ? "" : "/" + runId)
                + query)
        .then();
  }

  private static List<String> lines(ValidatableResponse export) {
    return export.statusCode(200).extract().asString().lines().toList();
  }

  @Test
  void a_run_that_is_not_there_is_not_exported() {
    given()
        .header("Authorization", TestTokens.bearer("auditor-1", "tenant-none", "auditor"))
        .get("/v1/namespaces/tenant-none/audit/exports/run-none")
        .then()
        .statusCode(404)
        .body("reason_code", equalTo("REQUEST.NOT_FOUND"));
  }

  /** Lanes commit beside each other; who follows the log by its index must miss none of them. */
  @Test
  void a_reader_that_follows_the_log_passes_no_record_that_comes_later() throws Exception {
    String ns = "tenant-followed";
    List<Lane> lanes = IntStream.rangeClosed(4, 6).mapToObj(Lane::new).toList();
    List<Ledger> ledgers = lanes.stream().map(lane -> new Ledger(ns, "run-" + lane, lane)).toList();
    ledgers.forEach(l -> IntStream.range(0, 300).forEach(i -> l.event("a.b", Ledger.payload())));
    AuditQuery all =
        new AuditQuery(
            new NamespaceId(ns), Set.of(RecordKind.JOURNAL), null, null, null, null, null, null);
    List<Long> followed = new ArrayList<>();

    for (int from = 1; from <= 300; from += 10) {
      for (int i = 0; i < lanes.size(); i++) {
        publish(ledgers.get(i), lanes.get(i), from, from + 9);
      }
      follow(all, followed);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> {
          follow(all, followed);
          return followed.size() == lanes.size() * 300;
        });

    assertThat(followed)
        .isEqualTo(records(ns).stream().map(AuditRecord::logIndex).toList())
        .doesNotHaveDuplicates();
  }

  private void follow(AuditQuery query, List<Long> followed) {
    long from = followed.isEmpty() ? 0 : followed.getLast() + 1;
    store
        .find(query, from, Long.MAX_VALUE, 1_000)
        .await()
        .atMost(PATIENCE)
        .forEach(record -> followed.add(record.logIndex()));
  }

  @Test
  void after_an_older_copy_of_the_database_the_log_is_complete_again() throws Exception {
    Lane lane = new Lane(8);
    String ns = "tenant-lane-8";
    Ledger ledger = Ledger.ofLane(lane, JournalOwnerStub.ROWS);
    publish(ledger, lane, 1, 10);
    publish(batch(denied(ns, "one", "run-1")));
    await().atMost(PATIENCE).until(() -> records(ns).size() == 11);
    AuditDatabase.keepCopy();
    publish(ledger, lane, 11, 38);
    publish(batch(denied(ns, "two", "run-2"), denied(ns, "three", "run-3")));
    await().atMost(PATIENCE).until(() -> records(ns).size() == 41);

    ownerHasAllOf(lane);
    AuditDatabase.putCopyBack();
    assertThat(records(ns)).hasSize(11);
    publish(ledger, lane, 39, 40);
    publish(batch(denied(ns, "four", "run-4")));

    awaitComplete(ns, ledger, List.of("one", "two", "three", "four"));
  }

  @Test
  void from_an_empty_database_the_log_is_made_anew() throws Exception {
    Lane lane = new Lane(9);
    String ns = "tenant-lane-9";
    Ledger ledger = Ledger.ofLane(lane, JournalOwnerStub.ROWS);
    publish(ledger, lane, 1, 39);
    publish(batch(denied(ns, "one", "run-1")));
    await().atMost(PATIENCE).until(() -> records(ns).size() == 40);

    ownerHasAllOf(lane);
    AuditDatabase.empty();
    publish(ledger, lane, 40, 40);
    publish(batch(denied(ns, "two", "run-2")));

    awaitComplete(ns, ledger, List.of("one", "two"));
  }

  private void ownerHasAllOf(Lane lane) throws Exception {
    JournalOwnerStub.has(journal.stateController().url(), lane, JournalOwnerStub.ROWS);
  }

  private void awaitComplete(String namespace, Ledger ledger, List<String> denied) {
    await()
        .atMost(PATIENCE)
        .until(() -> records(namespace).size() == ledger.rows().size() + denied.size());
    List<AuditEntry> entries = entries(namespace);
    assertThat(entries.stream().filter(e -> e instanceof AuditEntry.Journal).toList())
        .isEqualTo(expected(ledger.rows()));
    assertThat(
            entries.stream()
                .filter(e -> e instanceof AuditEntry.Access)
                .map(e -> e.actor().orElseThrow()))
        .containsExactlyElementsOf(denied);
  }

  @Test
  void while_the_database_is_away_reads_are_503_and_afterwards_nothing_is_missing()
      throws Exception {
    Lane lane = new Lane(12);
    String ns = "tenant-away";
    Ledger ledger = new Ledger(ns, "run-away", lane);
    IntStream.range(0, 20).forEach(i -> ledger.event("a.b", Ledger.payload()));
    publish(ledger, lane, 1, 10);
    awaitRecorded(lane, 10);

    TestStack.shared().postgres().kill();
    get(ns, "").statusCode(503).body("reason_code", equalTo("INFRA.POSTGRES_UNAVAILABLE"));
    publish(ledger, lane, 11, 20);
    publish(batch(denied(ns, "mallory", "run-away")));
    TestStack.shared().postgres().restart();

    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(entries(ns)).hasSize(21));
    assertThat(entries(ns)).containsAll(expected(ledger.rows()));
  }

  @Test
  void the_service_is_ready_and_shows_how_far_it_is_behind() throws Exception {
    Lane lane = new Lane(10);
    publish(new Ledger("tenant-lag", "run-lag", lane).event("a.b", Ledger.payload()), lane, 1, 1);
    awaitRecorded(lane, 1);

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    given().get("/q/health/live").then().statusCode(200);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Arrays.asList(given().get("/q/metrics").asString().split("\n", -1)))
                .contains(
                    "dome_audit_lag_messages{lane=\"10\"} 0.0",
                    "dome_audit_lag_seconds{lane=\"10\"} 0.0",
                    "dome_audit_access_pending 0.0"));
  }

  @Test
  void a_recorded_envelope_is_canonical() {
    PublishedRow row = Ledger.ofLane(new Lane(11), 3).rows().getLast();

    AuditEntry.Journal entry = AuditEntry.Journal.of(row);

    assertThat(CanonicalJson.sha256(Json.tree(row.envelope())))
        .isEqualTo(CanonicalJson.sha256(entry.envelope().getBytes(StandardCharsets.UTF_8)));
  }
}
