package dev.dome.auditexport;

import static dev.dome.auditexport.RetentionCalls.SYSTEM;
import static dev.dome.auditexport.RetentionCalls.as;
import static dev.dome.auditexport.RetentionCalls.hold;
import static dev.dome.auditexport.RetentionCalls.items;
import static dev.dome.auditexport.RetentionCalls.path;
import static dev.dome.auditexport.RetentionCalls.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.audit.OcsfActivity;
import dev.dome.testkit.StackTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operators and auditors do to the audit itself: who may, in which words, and its record. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "audit-export"))
@QuarkusTestResource(JournalOwnerStub.class)
class AuditActsTest {
  @Test
  void who_may_do_what_is_as_the_table_says() {
    String ns = "tenant-roles";
    Map<String, String> body = Map.of("reason", "a lawsuit", "authority", "court");
    as("submitter", ns).body(body).put(path(ns, "holds/case-1")).then().statusCode(403);
    as("auditor", ns).body(body).put(path(ns, "holds/case-1")).then().statusCode(200);
    as("auditor", ns)
        .body(Map.of("reason", "settled"))
        .post(path(ns, "holds/case-1/release"))
        .then()
        .statusCode(403);
    as("auditor", ns)
        .body(Map.of("retention_class", "standard"))
        .put(path(ns, "retention"))
        .then()
        .statusCode(403);
    as("submitter", ns).get(path(ns, "tombstones")).then().statusCode(403);
    as("operator", ns).get("/v1/audit/purges").then().statusCode(404);
    as("auditor", SYSTEM).body("{}").post("/v1/audit/purges").then().statusCode(403);
  }

  @Test
  void a_hold_has_a_reason_an_authority_and_an_id_of_its_own() {
    String ns = "tenant-words";
    hold(ns, "case-1", Map.of())
        .statusCode(422)
        .body("errors.pointer", equalTo(List.of("/reason", "/authority")));
    hold(ns, "case-1", Map.of("reason", "a\nb", "authority", "x".repeat(501))).statusCode(422);
    hold(ns, "case-1", Map.of("reason", "AKIAIOSFODNN7EXAMPLE", "authority", "court"))
        .statusCode(422);
    hold(ns, "Case%201", Map.of("reason", "a", "authority", "b")).statusCode(400);
    hold(ns, "case-1", Map.of("reason", "a", "authority", "b", "run", "c")).statusCode(422);
    assertThat(items(read(ns, "holds"))).isEmpty();

    hold(ns, "case-1", Map.of("reason", "a", "authority", "b")).statusCode(200);
    hold(ns, "case-1", Map.of("reason", "another", "authority", "b"))
        .statusCode(409)
        .body("reason_code", equalTo("HOLD.TAKEN"));
    as("operator", ns)
        .body(Map.of("reason", "settled"))
        .post(path(ns, "holds/case-2/release"))
        .then()
        .statusCode(404)
        .body("reason_code", equalTo("HOLD.NOT_FOUND"));
  }

  @Test
  void lists_are_read_page_by_page() {
    String ns = "tenant-pages";
    List<String> ids = List.of("a", "b", "c", "d", "e");
    ids.forEach(id -> hold(ns, id, Map.of("reason", "a", "authority", "b")).statusCode(200));

    List<String> seen = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      var page = read(ns, "holds?page_size=2" + cursor).statusCode(200).extract();
      page.jsonPath().getList("items.hold_id", String.class).forEach(seen::add);
      String next = page.path("next_cursor");
      cursor = next == null ? null : "&cursor=" + next;
    }

    assertThat(seen).isEqualTo(ids);
  }

  @Test
  void every_act_is_a_record_in_one_chain() {
    String ns = "tenant-acts";
    hold(ns, "case-1", Map.of("reason", "a \"lawsuit\" ü", "authority", "court")).statusCode(200);
    as("operator", ns)
        .body(Map.of("reason", "settled"))
        .post(path(ns, "holds/case-1/release"))
        .then()
        .statusCode(200);

    List<JsonNode> acts = items(read(ns, "records?kind=ADMIN"));

    assertThat(acts)
        .extracting(act -> act.path("topic").asText())
        .containsExactly("audit.hold.placed", "audit.hold.released");
    String before = "0".repeat(64);
    for (JsonNode act : acts) {
      JsonNode document = act.at("/admin/document");
      assertThat(document.path("prev_hash").asText()).isEqualTo(before);
      before = CanonicalJson.sha256(document);
      assertThat(act.at("/admin/hash").asText()).isEqualTo(before);
      assertThat(document.path("actor").asText()).isEqualTo("the-operator");
    }
    JsonNode ocsf = items(read(ns, "records?topic=audit.hold.placed&format=OCSF")).getFirst();
    ObjectNode made = OcsfActivity.of(acts.getFirst());
    assertThat(ocsf).isEqualTo(Json.read(Json.write(made), JsonNode.class));
    assertThat(ocsf.at("/api/operation").asText()).isEqualTo("audit.hold.placed");
    assertThat(ocsf.at("/unmapped/hash").asText())
        .isEqualTo(acts.getFirst().at("/admin/hash").asText());
  }

  @Test
  void a_namespace_is_given_a_class_that_there_is() throws Exception {
    String ns = "tenant-class";
    AuditDatabase.run("SELECT audit_export.set_class('ninety', 90)");
    read(ns, "retention")
        .statusCode(200)
        .body("retention_class", equalTo("standard"))
        .body("days", nullValue())
        .body("classes.name", hasItem("ninety"))
        .body("classes.name", not(hasItem("administration")));

    for (int i = 0; i < 2; i++) {
      set(ns, "ninety").statusCode(200).body("days", equalTo(90));
    }

    read(ns, "retention").body("set_by", equalTo("the-operator"));
    assertThat(items(read(ns, "records?topic=audit.retention.set"))).hasSize(1);
    for (String unknown : List.of("none", "administration")) {
      set(ns, unknown).statusCode(422).body("reason_code", equalTo("RETENTION.UNKNOWN_CLASS"));
    }
  }

  private static ValidatableResponse set(String namespace, String retentionClass) {
    return as("operator", namespace)
        .body(Map.of("retention_class", retentionClass))
        .put(path(namespace, "retention"))
        .then();
  }
}
