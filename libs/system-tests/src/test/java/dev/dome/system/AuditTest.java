package dev.dome.system;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.Json;
import dev.dome.system.Dome.Ended;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From a run through the one origin to an export that holds without any of it. */
@ExtendWith(Suite.class)
class AuditTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Running suite;
  @TempDir private Path directory;

  AuditTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aRunIsRecordedExportedAndCheckedOfflineAndATamperedExportIsFound() throws Exception {
    String runId = promoted();
    denied(runId);

    Path bag = directory.resolve("bag");
    Ended exported =
        Dome.run(
            directory,
            Map.of("DOME_TOKEN", suite.token("auditor", "auditor")),
            "audit",
            "export",
            runId,
            "--to",
            bag.toString(),
            "--server",
            suite.stack().apiUrl());
    assertThat(exported.exitCode()).as(exported.output()).isZero();
    assertRecordsAreTheLedger(runId, bag);
    awaitExportRecorded(runId);

    Ended verified = Dome.run(directory, Map.of(), "audit", "verify", bag.toString());
    assertThat(verified.exitCode()).as(verified.output()).isZero();
    assertThat(verified.output()).contains("PROMOTED");

    Path ledger = bag.resolve("data/ledger.jsonl");
    byte[] content = Files.readAllBytes(ledger);
    content[content.length / 2] ^= 1;
    Files.write(ledger, content);
    Ended tampered = Dome.run(directory, Map.of(), "audit", "verify", bag.toString());
    assertThat(tampered.exitCode()).isEqualTo(1);
    assertThat(tampered.output()).contains("data/ledger.jsonl has another digest");
  }

  private String promoted() {
    String queue = Documents.freshId("q");
    String runId = Documents.freshId("run");
    try (DomeClient client = suite.client("audited", "submitter", "worker")) {
      Worker worker = Worker.on(queue, task -> Result.pass()).start(client);
      try {
        client.submit(Documents.chain(runId, queue, 3));
        await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
      } finally {
        worker.close();
      }
    }
    return runId;
  }

  @Test
  void aRangeOfTimeIsExportedWithItsRunsAndCheckedOffline() throws Exception {
    Instant from = Instant.now();
    String runId = promoted();
    denied(runId);
    Path bag = directory.resolve("range");

    Ended exported =
        Dome.run(
            directory,
            Map.of("DOME_TOKEN", suite.token("auditor", "auditor")),
            "audit",
            "export",
            "-n",
            Suite.NAMESPACE,
            "--from",
            from.toString(),
            "--until",
            Instant.now().toString(),
            "--to",
            bag.toString(),
            "--server",
            suite.stack().apiUrl());

    assertThat(exported.exitCode()).as(exported.output()).isZero();
    assertRecordsAreTheLedger(runId, bag.resolve("data/runs").resolve(runId));
    assertThat(bag.resolve("data/records.jsonl"))
        .content()
        .contains(runId, "\"mallory\"", "input.submit_run");
    Ended verified = Dome.run(directory, Map.of(), "audit", "verify", bag.toString());
    assertThat(verified.exitCode()).as(verified.output()).isZero();
  }

  @Test
  void whatIsLeftOfThePurgedIsExportedWithItsSignedStatementAndHeldToItOffline() throws Exception {
    String namespace = Documents.freshId("purged");
    Map<String, String> auditor =
        Map.of(
            "DOME_TOKEN",
            suite
                .stack()
                .issuer()
                .mint("auditor", Map.of(namespace, List.of("auditor")), Duration.ofHours(1)));
    Path bag = directory.resolve("left");
    Path trust = directory.resolve("trust");
    try (PlantedTombstone left =
        new PlantedTombstone(
            suite.stack().infrastructure().postgres().orElseThrow().admin(), namespace)) {
      ended(auditor, "provenance", "trust", trust.toString(), "--server", suite.stack().apiUrl());
      ended(
          auditor,
          "audit",
          "export",
          "-n",
          namespace,
          "--from",
          "2026-01-01",
          "--until",
          "2026-02-01",
          "--wait",
          "60",
          "--to",
          bag.toString(),
          "--server",
          suite.stack().apiUrl());
      assertThat(Files.readString(only(bag, ".json"))).contains(left.digest());
    }
    String[] verify = {
      "audit", "verify", bag.toString(), "--trusted-root", trust + "/trusted_root.json"
    };
    assertThat(ended(Map.of(), verify)).contains("tombstone");

    Files.delete(only(bag, ".sigstore.json"));
    Ended incomplete = Dome.run(directory, Map.of(), verify);
    assertThat(incomplete.exitCode()).isEqualTo(1);
    assertThat(incomplete.output()).contains("BUNDLE.MISSING");
  }

  private String ended(Map<String, String> environment, String... command) throws Exception {
    Ended ended = Dome.run(directory, environment, command);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    return ended.output();
  }

  private static Path only(Path bag, String ending) throws IOException {
    Pattern name = Pattern.compile("[0-9]+" + Pattern.quote(ending));
    try (Stream<Path> files = Files.list(bag.resolve("data/tombstones"))) {
      List<Path> found =
          files.filter(file -> name.matcher(file.getFileName().toString()).matches()).toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  /** A worker may not cancel. */
  private void denied(String runId) {
    given()
        .baseUri(suite.stack().apiUrl())
        .auth()
        .oauth2(suite.token("mallory", "worker"))
        .contentType("application/json")
        .body("{}")
        .post("/v1/namespaces/" + Suite.NAMESPACE + "/runs/" + runId + "/cancel")
        .then()
        .statusCode(403);
    await().atMost(PATIENCE).until(() -> records(runId, "mallory").size() == 1);
  }

  private List<JsonNode> records(String runId, String actor) {
    List<JsonNode> records = new ArrayList<>();
    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      auditor
          .read("audit/records", Map.of("run_id", runId, "actor", actor, "kind", "ACCESS"))
          .path("items")
          .forEach(records::add);
    }
    return records;
  }

  private void assertRecordsAreTheLedger(String runId, Path bag) throws IOException {
    try (DomeClient auditor = suite.client("auditor", "auditor");
        Stream<String> lines = Files.lines(bag.resolve("data/records.jsonl"))) {
      List<String> hashes =
          lines
              .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
              .filter(line -> line.has("journal"))
              .map(line -> line.at("/journal/hash").asText())
              .toList();
      assertThat(hashes)
          .isEqualTo(Histories.assertReplays(auditor, runId).stream().map(r -> r.hash()).toList());
    }
  }

  private void awaitExportRecorded(String runId) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(records(runId, "auditor"))
                .extracting(record -> record.at("/access/decision/operation").asText())
                .contains("EXPORT_AUDIT"));
  }
}
