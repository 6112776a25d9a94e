package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.verification.Finding;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The in-toto statements of runs, replays and purges: provenance and verification summary as SLSA
 * defines them, run-gate, replay and tombstone as doc/predicates does. They follow from what is
 * stored and from nothing else. Of a manifest from before run-gates were kept there is none.
 */
public final class Statements {
  private static final String TYPE = "https://in-toto.io/Statement/v1";
  private static final String BUILD_TYPE = "https://dome.local/build-types/run/v1";
  private static final String BUILDER = "https://dome.local/builders/dome";

  /** A tombstone's statement is found by its subject, not among those of the run. */
  private static final String NO_RUN = "";

  private static final String VERIFIER = "https://dome.local/verifiers/dome-provenance";

  private Statements() {}

  /**
   * One statement.
   *
   * @param subject the run's uid, the replay's id or the tombstone's digest
   * @param runId empty for a tombstone, which may be of many runs
   * @param payload what is signed, canonical JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  public record Statement(
      StatementKind kind, String subject, String namespace, String runId, byte[] payload) {}

  /** The statements of what awaits them. */
  public static List<Statement> of(Unsealed unsealed) {
    return switch (unsealed) {
      case Unsealed.OfRun run -> ofRun(run);
      case Unsealed.OfReplay(long seq, long sinceMs, Replay replay) -> List.of(ofReplay(replay));
      case Unsealed.OfPurge(long seq, long sinceMs, PurgedRecords purged) ->
          List.of(ofPurge(purged));
    };
  }

  private static List<Statement> ofRun(Unsealed.OfRun run) {
    JsonNode manifest = Json.read(run.manifest().bytes(), JsonNode.class);
    Statement provenance = ofRun(run, StatementKind.PROVENANCE, provenance(run, manifest));
    Statement summary = ofRun(run, StatementKind.VSA, summary(run, manifest));
    return run.manifest().runGate() == null
        ? List.of(provenance, summary)
        : List.of(provenance, ofRun(run, StatementKind.RUN_GATE, gateOf(run)), summary);
  }

  private static Statement ofRun(Unsealed.OfRun run, StatementKind kind, JsonNode predicate) {
    CompletedRun completed = run.run();
    return new Statement(
        kind,
        completed.runUid().value(),
        completed.namespace().value(),
        completed.runId().value(),
        payload(kind, "run.manifest", run.manifest().sha256(), predicate));
  }

  private static byte[] payload(
      StatementKind kind, String name, String sha256, JsonNode predicate) {
    ObjectNode statement = Json.mapper().createObjectNode();
    statement.put("_type", TYPE).put("predicateType", kind.predicateType());
    ObjectNode subject = statement.putArray("subject").addObject().put("name", name);
    subject.putObject("digest").put("sha256", sha256);
    statement.set("predicate", predicate);
    return CanonicalJson.bytes(statement);
  }

  private static ObjectNode provenance(Unsealed.OfRun run, JsonNode manifest) {
    ObjectNode predicate = Json.mapper().createObjectNode();
    ObjectNode definition = predicate.putObject("buildDefinition").put("buildType", BUILD_TYPE);
    definition
        .putObject("externalParameters")
        .put("namespace", run.run().namespace().value())
        .put("run_id", run.run().runId().value())
        .put("document", manifest.at("/inputs/pre_contract_path").asText())
        .set("commands", manifest.path("commands"));
    definition
        .putObject("internalParameters")
        .set("input_hashes", manifest.at("/inputs/input_hashes"));
    dependency(definition, manifest.at("/inputs/pre_contract_path").asText())
        .put("sha256", manifest.at("/inputs/pre_contract_sha256").asText());
    String commit = manifest.at("/runtime/repo_commit_sha").asText();
    if (!commit.isEmpty()) {
      dependency(definition, "repository").put("gitCommit", commit);
    }
    ObjectNode details = predicate.putObject("runDetails");
    details
        .putObject("builder")
        .put("id", BUILDER)
        .set("version", manifest.at("/runtime/tool_versions"));
    ObjectNode metadata =
        details.putObject("metadata").put("invocationId", run.run().runUid().value());
    if (run.manifest().runGate() != null) {
      metadata.put("startedOn", gateOf(run).at("/run/started_at").asText());
    }
    metadata.put("finishedOn", Timestamps.format(run.run().completedAtMs()));
    for (JsonNode artifact : manifest.at("/artifacts/evidence")) {
      ObjectNode product = details.withArray("byproducts").addObject();
      product.put("name", artifact.path("path").asText(artifact.path("task_id").asText()));
      product.putObject("digest").put("sha256", artifact.path("sha256").asText());
    }
    return predicate;
  }

  private static ObjectNode dependency(ObjectNode definition, String name) {
    return definition
        .withArray("resolvedDependencies")
        .addObject()
        .put("name", name)
        .putObject("digest");
  }

  private static JsonNode gateOf(Unsealed.OfRun run) {
    return Json.read(run.manifest().runGate().getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  /** Passed is a run that was promoted; that its replay matched is why it has a manifest at all. */
  private static ObjectNode summary(Unsealed.OfRun run, JsonNode manifest) {
    boolean promoted = manifest.at("/artifacts/outcome/status").asText().equals("PROMOTED");
    ObjectNode predicate = Json.mapper().createObjectNode();
    predicate.putObject("verifier").put("id", VERIFIER);
    predicate.put("timeVerified", Timestamps.format(run.manifestedAtMs()));
    predicate.put(
        "resourceUri",
        "dome:" + run.run().namespace().value() + "/runs/" + run.run().runId().value());
    ObjectNode policy = predicate.putObject("policy");
    policy.put("uri", "https://dome.local/policies");
    policy.putObject("digest").put("sha256", manifest.at("/inputs/input_hashes/policies").asText());
    ObjectNode input = predicate.putArray("inputAttestations").addObject();
    input.put("uri", "journal").putObject("digest").put("sha256", run.run().headHash());
    predicate.put("verificationResult", promoted ? "PASSED" : "FAILED");
    predicate.putArray("verifiedLevels").add("DOME_REPLAY_MATCHED");
    if (promoted) {
      predicate.withArray("verifiedLevels").add("DOME_PROMOTED");
    }
    predicate.put("slsaVersion", "1.0");
    return predicate;
  }

  private static Statement ofReplay(Replay replay) {
    ObjectNode predicate = Json.mapper().createObjectNode();
    predicate.put("replay_id", replay.replayId());
    predicate.put("namespace", replay.namespace().value());
    predicate.put("run_id", replay.runId().value());
    predicate.put("requested_by", replay.requestedBy());
    predicate.put("verified_at", Timestamps.format(replay.verifiedAtMs()));
    switch (replay.finding()) {
      case Finding.Match match ->
          predicate
              .put("result", "MATCH")
              .put("run_uid", match.runUid().value())
              .put("sequence", match.sequence())
              .put("status", match.status())
              .put("complete", match.complete())
              .put("head_hash", match.headHash())
              .put("state_sha256", match.stateSha256());
      case Finding.Difference difference ->
          predicate
              .put("result", "DIFFERENCE")
              .put("sequence", difference.sequence())
              .put("what", difference.what())
              .put("recorded_sha256", digest(difference.recorded()))
              .put("derived_sha256", digest(difference.derived()));
    }
    return new Statement(
        StatementKind.REPLAY,
        replay.replayId(),
        replay.namespace().value(),
        replay.runId().value(),
        payload(StatementKind.REPLAY, "replay", CanonicalJson.sha256(predicate), predicate));
  }

  private static Statement ofPurge(PurgedRecords purged) {
    return new Statement(
        StatementKind.TOMBSTONE,
        purged.digest(),
        purged.namespace().value(),
        NO_RUN,
        payload(
            StatementKind.TOMBSTONE,
            "audit-tombstone",
            purged.digest(),
            PurgeStatement.predicate(purged)));
  }

  /** What differed may be a payload: the statement goes to strangers, so it names a digest. */
  private static String digest(String text) {
    return CanonicalJson.sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
