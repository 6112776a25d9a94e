package dev.dome.auditexport;

import static dev.dome.auditexport.RetentionCalls.SYSTEM;
import static dev.dome.auditexport.RetentionCalls.as;
import static dev.dome.auditexport.RetentionCalls.hold;
import static dev.dome.auditexport.RetentionCalls.items;
import static dev.dome.auditexport.RetentionCalls.path;
import static dev.dome.auditexport.RetentionCalls.purge;
import static dev.dome.auditexport.RetentionCalls.read;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.auditexport.application.AuditStore;
import dev.dome.auditexport.retention.PurgeLoop;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.AccessDecision.Effect;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.NatsLink;
import dev.dome.testkit.StackTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Retention, holds, purges and tombstones over HTTP. Each test has a lane, a namespace and a class
 * of its own: the log stays in the shared database, and a purge is of a whole class and month.
 */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "audit-export"))
@QuarkusTestResource(JournalOwnerStub.class)
class RetentionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** When the rows of {@link Ledger} were written. */
  private static final String MONTH = "1970-01";

  @Inject NatsLink link;
  @Inject AuditStore store;
  @Inject PurgeLoop loop;

  /** A run that ended long ago, in a namespace whose class keeps what was for ten days. */
  private Ledger expired(String namespace, String runId, Lane lane) throws Exception {
    Ledger ledger =
        new Ledger(namespace, runId, lane)
            .input("input.submit_run", "alice", Ledger.payload())
            .event("run.completed", Ledger.payload().put("status", "PROMOTED"));
    link.atomicBatches()
        .publish(Subjects.journal(lane), ledger.bodies(1, 2))
        .get(10, TimeUnit.SECONDS);
    await().atMost(PATIENCE).until(() -> store.position(lane).await().atMost(PATIENCE) == 2);
    return ledger;
  }

  /** A refusal of long ago. */
  private void refused(String namespace) throws Exception {
    AccessDecision denied =
        new AccessDecision(
            5_000,
            Effect.DENY,
            "mallory",
            null,
            "CANCEL_RUN",
            new NamespaceId(namespace),
            new RunId("run-1"),
            new ReasonCode("AUTH.SCOPE"),
            null,
            1,
            null);
    link.accessPublisher()
        .publish(new AccessBatch(UUID.randomUUID().toString(), "ingest", List.of(denied)))
        .get(10, TimeUnit.SECONDS);
    await().atMost(PATIENCE).until(() -> !items(read(namespace, "records")).isEmpty());
  }

  private static void classOf(String namespace, String retentionClass) throws Exception {
    AuditDatabase.run("SELECT audit_export.set_class('" + retentionClass + "', 10)");
    AuditDatabase.run(
        "INSERT INTO audit_export.namespace_retention VALUES ('%s', 0, '%s', 'a test')"
            .formatted(namespace, retentionClass));
  }

  @Test
  void a_purged_run_leaves_a_tombstone_that_its_chain_leads_to() throws Exception {
    String ns = "tenant-purged";
    classOf(ns, "purged");
    Ledger ledger = expired(ns, "run-gone", new Lane(11));
    as("auditor", SYSTEM)
        .get("/v1/audit/purges")
        .then()
        .statusCode(200)
        .body("items.find { it.retention_class == 'purged' }.due", equalTo(true))
        .body("items.find { it.retention_class == 'purged' }.runs", equalTo(1));

    purge("purged", MONTH).statusCode(200).body("outcome", equalTo("PURGED"));

    purge("purged", MONTH).statusCode(200).body("outcome", equalTo("NOTHING"));
    assertThat(items(read(ns, "records?kind=JOURNAL"))).isEmpty();
    JsonNode listed = items(read(ns, "tombstones?run_id=run-gone")).getFirst();
    assertThat(listed.has("record_hashes")).isFalse();
    JsonNode tombstone =
        Json.read(
            read(ns, "tombstones/" + listed.path("index").asText())
                .statusCode(200)
                .extract()
                .asByteArray(),
            JsonNode.class);
    List<String> hashes = ledger.rows().stream().map(PublishedRow::hash).toList();
    assertThat(Json.mapper().convertValue(tombstone.path("record_hashes"), String[].class))
        .isEqualTo(hashes.toArray(String[]::new));
    JsonNode document = tombstone.path("document");
    assertThat(document.path("head_hash").asText()).isEqualTo(hashes.getLast());
    assertThat(document.path("authority").asText()).isEqualTo("records schedule 7");
    assertThat(document.path("purged_by").asText()).isEqualTo("the-operator");
    assertThat(tombstone.path("digest").asText()).isEqualTo(CanonicalJson.sha256(document));
    as("auditor", SYSTEM)
        .get("/v1/audit/all-tombstones?limit=1&from=" + listed.path("index").asText())
        .then()
        .statusCode(200)
        .body("items.digest", equalTo(List.of(tombstone.path("digest").asText())))
        .body("items[0].document.run_id", equalTo("run-gone"));
    as("auditor", ns).get("/v1/audit/all-tombstones").then().statusCode(404);
    read("tenant-else", "tombstones/" + listed.path("index").asText()).statusCode(404);
    assertThat(items(read("tenant-else", "tombstones"))).isEmpty();
    read(ns, "exports/run-gone").statusCode(410).body("reason_code", equalTo("AUDIT.PURGED"));
  }

  @Test
  void what_has_expired_is_purged_without_anybody_asking() throws Exception {
    String ns = "tenant-looped";
    classOf(ns, "looped");
    expired(ns, "run-looped", new Lane(0));

    loop.wake();

    await().atMost(PATIENCE).until(() -> items(read(ns, "tombstones")), found -> !found.isEmpty());
    JsonNode document = items(read(ns, "tombstones")).getFirst().path("document");
    assertThat(document.path("run_id").asText()).isEqualTo("run-looped");
    assertThat(document.path("purged_by").asText()).isEqualTo(PurgeLoop.ACTOR);
    assertThat(document.path("authority").asText()).isEqualTo("retention class looped of 10 days");
    assertThat(items(read(ns, "records?kind=JOURNAL"))).isEmpty();
    await()
        .atMost(PATIENCE)
        .until(() -> !given().get("/q/metrics").asString().contains("dome_audit_purged_total 0.0"));
  }

  @Test
  void a_purge_that_takes_long_goes_on_without_its_caller() throws Exception {
    String ns = "tenant-long";
    classOf(ns, "long");
    refused(ns);
    try (AutoCloseable slow = AuditDatabase.holding("audit_export_parts.doomed")) {
      purge("long", MONTH).statusCode(200).body("outcome", equalTo("UNDER_WAY"));
      assertThat(slow).isNotNull();
    }

    // One that waited too long for the lock has ended without anything done.
    await()
        .atMost(PATIENCE)
        .until(() -> {
          purge("long", MONTH).statusCode(200);
          return !items(read(ns, "tombstones")).isEmpty();
        });
    assertThat(items(read(ns, "tombstones"))).hasSize(1);
  }

  @Test
  void a_held_run_is_kept_and_can_still_be_exported() throws Exception {
    String ns = "tenant-held";
    classOf(ns, "held");
    Ledger kept = expired(ns, "run-kept", new Lane(7));
    expired(ns, "run-let-go", new Lane(15));
    Map<String, String> body =
        Map.of("run_id", "run-kept", "reason", "a lawsuit", "authority", "court order 17");
    hold(ns, "case-17", body).statusCode(200).body("placed_by", equalTo("the-operator"));
    hold(ns, "case-17", body).statusCode(200);

    purge("held", MONTH).statusCode(200).body("runs", equalTo(1)).body("kept_records", equalTo(2));

    String export = read(ns, "exports/run-kept").statusCode(200).extract().asString();
    assertThat(export.lines())
        .extracting(line -> Json.read(line.getBytes(UTF_8), JsonNode.class).at("/journal/hash"))
        .extracting(JsonNode::asText)
        .isEqualTo(kept.rows().stream().map(PublishedRow::hash).toList());
    as("operator", ns)
        .body(Map.of("reason", "settled"))
        .post(path(ns, "holds/case-17/release"))
        .then()
        .statusCode(200)
        .body("released.by", equalTo("the-operator"))
        .body("released.reason", equalTo("settled"));
    purge("held", MONTH).statusCode(200).body("runs", equalTo(1));
    read(ns, "exports/run-kept").statusCode(410);
    assertThat(items(read(ns, "holds?state=IN_FORCE"))).isEmpty();
    assertThat(items(read(ns, "holds"))).hasSize(1);
    read(ns, "holds/case-17").statusCode(200).body("released.reason", equalTo("settled"));
  }

  @Test
  void what_has_not_expired_is_refused() {
    purge("standard", MONTH).statusCode(409).body("reason_code", equalTo("RETENTION.NOT_EXPIRED"));
    purge("none", MONTH).statusCode(409);
    purge("administration", MONTH).statusCode(409);
    purge("standard", "January").statusCode(400);
    as("operator", SYSTEM).body("{}").post("/v1/audit/purges").then().statusCode(422);
  }

  @Test
  void what_is_held_and_overdue_is_measured() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Arrays.asList(given().get("/q/metrics").asString().split("\n", -1)))
                .anyMatch(line -> line.matches("dome_audit_holds [0-9.]+"))
                .anyMatch(line -> line.matches("dome_audit_purge_overdue_seconds [0-9.E]+"))
                .anyMatch(line -> line.matches("dome_audit_purged_total [0-9.]+"))
                .anyMatch(line -> line.matches("dome_audit_purge_failures_total [0-9.]+")));
  }
}
