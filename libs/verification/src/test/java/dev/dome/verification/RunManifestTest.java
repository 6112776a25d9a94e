package dev.dome.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.artifact.EventEnvelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunManifestTest {

  private static List<JsonNode> ledger(String history) throws IOException {
    return List.copyOf(GoldenLedgers.history(history));
  }

  private static Finding.Match match(List<JsonNode> rows) {
    return (Finding.Match) LedgerVerifier.verify(rows);
  }

  private static Manifest made(List<JsonNode> rows, Finding.Match match) {
    RunManifest manifest = new RunManifest();
    rows.forEach(row -> manifest.add(Json.read(row.get("envelope"), EventEnvelope.class)));
    return manifest.of(match);
  }

  private static JsonNode manifest(List<JsonNode> rows, Finding.Match match) {
    return Json.read(made(rows, match).bytes(), JsonNode.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "approve",
        "reject",
        "needs-human",
        "expire",
        "cancel",
        "retry-and-dead-letter",
        "redrive"
      })
  void every_history_has_a_valid_manifest_that_is_the_same_each_time(String history)
      throws IOException {
    List<JsonNode> rows = ledger(history);
    Finding.Match match = match(rows);

    Manifest manifest = made(rows, match);

    JsonNode document = Json.read(manifest.bytes(), JsonNode.class);
    assertThat(SchemaCatalog.standard().validate("run.manifest", document)).isEmpty();
    assertThat(manifest.sha256()).isEqualTo(CanonicalJson.sha256(document));
    assertThat(made(ledger(history), match)).isEqualTo(manifest);
    assertThat(document.at("/artifacts/state").asText()).isEqualTo(match.stateSha256());
    assertThat(document.at("/artifacts/outcome/status").asText()).isEqualTo(match.status());
  }

  @Test
  void the_digests_are_of_what_the_ledger_holds() throws IOException {
    List<JsonNode> rows = ledger("approve");
    JsonNode submission = rows.getFirst().at("/envelope/payload/input");

    JsonNode manifest = manifest(rows, match(rows));

    assertThat(manifest.at("/inputs/pre_contract_sha256").asText())
        .isEqualTo(submission.get("document_sha256").asText())
        .isEqualTo(CanonicalJson.sha256(submission.get("document")));
    assertThat(manifest.at("/inputs/input_hashes/policies").asText())
        .isEqualTo(CanonicalJson.sha256(rows.get(1).at("/envelope/payload/policies")));
    assertThat(manifest.at("/artifacts/gate.decision").asText())
        .isEqualTo(CanonicalJson.sha256(payload(rows, "gate.verdict").get("decision")));
    assertThat(manifest.at("/artifacts/task.result").size()).isEqualTo(3);
    assertThat(manifest.at("/commands/0/0").asText()).isEqualTo("make");
    assertThat(manifest.at("/runtime/tool_versions/dome.decider").asText()).isEqualTo("1");
  }

  @Test
  void evidence_that_results_name_by_digest_is_named_once() throws IOException {
    List<JsonNode> rows = new ArrayList<>(ledger("approve"));
    Finding.Match match = match(rows);
    String digest = "ab".repeat(32);
    for (JsonNode row : rows) {
      if (row.at("/envelope/topic").asText().equals("task.result.raw")) {
        ObjectNode evidence = ((ObjectNode) row).withObject("/envelope/payload/result/evidence");
        evidence.withArray("artifacts").removeAll();
        evidence
            .withArray("artifacts")
            .addObject()
            .put("path", "log.txt")
            .put("sha256", digest)
            .put("bytes", 12);
      }
    }

    JsonNode named = manifest(rows, match).at("/artifacts/evidence");

    assertThat(named).hasSize(3);
    assertThat(named.get(0).get("sha256").asText()).isEqualTo(digest);
    assertThat(named.get(0).get("bytes").asInt()).isEqualTo(12);
    assertThat(named.get(0).get("task_id").asText()).isEqualTo("golden-approve-plan");
  }

  @Test
  void a_commit_that_the_run_was_based_on_is_the_code_revision() throws IOException {
    List<JsonNode> rows = ledger("approve");
    Finding.Match match = match(rows);
    assertThat(manifest(rows, match).at("/runtime/repo_commit_sha").isMissingNode()).isTrue();

    ((ObjectNode) rows.get(1)).withObject("/envelope/payload").put("base_ref", "c".repeat(40));

    assertThat(manifest(rows, match).at("/runtime/repo_commit_sha").asText())
        .isEqualTo("c".repeat(40));
  }

  private static JsonNode payload(List<JsonNode> rows, String topic) {
    return rows.stream()
        .map(row -> row.get("envelope"))
        .filter(envelope -> envelope.get("topic").asText().equals(topic))
        .findFirst()
        .orElseThrow()
        .get("payload");
  }
}
