package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import dev.dome.kernel.JournalRow;
import dev.dome.system.Suite.Running;
import dev.dome.transparency.BundleCheck;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.LogCheck;
import dev.dome.transparency.TrustedRoot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Through the one origin: a run that ended has a manifest, and a replay finds what is recorded. */
@ExtendWith(Suite.class)
class ManifestTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final Running suite;

  ManifestTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aPromotedRunHasItsManifestAndReplaysToAMatch() {
    String runId = promoted();
    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      JsonNode manifest = manifest(auditor, runId);
      JsonNode replay = auditor.replay(runId);

      List<JournalRow> rows = Histories.assertReplays(auditor, runId);
      String head = rows.getLast().hash();
      assertThat(manifest.at("/artifacts/journal/head_hash").asText()).isEqualTo(head);
      assertThat(manifest.at("/artifacts/outcome/status").asText()).isEqualTo("PROMOTED");
      assertThat(replay.path("result").asText()).isEqualTo("MATCH");
      assertThat(replay.path("head_hash").asText()).isEqualTo(head);
      assertThat(replay.path("state_sha256").asText())
          .isEqualTo(manifest.at("/artifacts/state").asText());
    }
  }

  @Test
  void whatIsSignedAboutARunHoldsWithoutAServer() {
    String runId = promoted();
    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      String manifest = CanonicalJson.sha256(manifest(auditor, runId));
      List<JsonNode> bundles =
          Stream.of("provenance", "run-gate", "vsa")
              .map(name -> bundle(auditor, runId, name))
              .toList();
      TrustedRoot trusted =
          TrustedRoot.read(
              Json.read(auditor.log("trusted_root.json"), JsonNode.class),
              Json.read(auditor.log("keys.json"), JsonNode.class));
      Checkpoint checkpoint =
          Checkpoint.verified(
                  new String(auditor.log("checkpoint"), StandardCharsets.UTF_8), trusted.logs())
              .orElseThrow();

      for (JsonNode bundle : bundles) {
        assertThat(new BundleCheck(trusted).check(Json.write(bundle)))
            .isInstanceOfSatisfying(
                BundleCheck.Verdict.Accepted.class,
                accepted ->
                    assertThat(accepted.statement().at("/subject/0/digest/sha256").asText())
                        .isEqualTo(manifest));
      }
      assertThat(LogCheck.whole(part -> auditor.log(part.path()), checkpoint.head())).isEmpty();
    }
  }

  private static JsonNode bundle(DomeClient reader, String runId, String statement) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> reader.readIfPresent("runs/" + runId + "/statements/" + statement),
            Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void aRunThatEndsWhileProvenanceIsDeadGetsItsManifestAfterwards() {
    var provenance = suite.stack().service(DomeService.PROVENANCE).orElseThrow();
    provenance.kill();
    String runId = promoted();

    provenance.restart();

    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      assertThat(manifest(auditor, runId).path("run_id").asText()).isEqualTo(runId);
    }
  }

  private String promoted() {
    String runId = Documents.freshId("run");
    String queue = Documents.freshId("q");
    try (DomeClient client = suite.client("driver", "submitter", "worker");
        Worker worker = Worker.on(queue, task -> Result.pass()).start(client)) {
      client.submit(Documents.chain(runId, queue, 3));
      await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
      worker.drain();
    }
    return runId;
  }

  private static JsonNode manifest(DomeClient reader, String runId) {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> reader.readIfPresent("runs/" + runId + "/manifest"), Optional::isPresent)
        .orElseThrow();
  }
}
