package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.RunId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The {@code run.manifest} artifact of a run, from its verified ledger and from nothing else: no
 * clock, no version of this program. Every digest is SHA-256 over RFC 8785 canonical JSON of what
 * the ledger holds; doc/run-manifest.md says which, so that anybody can make it again. Rows come
 * one by one and are not kept: what grows is what the manifest itself lists.
 */
final class RunManifest {
  private static final String VERSION = "0.2.0";
  private static final String SCHEMA = "run.manifest";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

  private final ObjectNode decisions = object();
  private final ObjectNode results = object();
  private final Set<JsonNode> evidence = new LinkedHashSet<>();
  private final Set<String> deployments = new LinkedHashSet<>();
  private final RunGate gate = new RunGate();
  private JsonNode submission;
  private JsonNode plan;
  private JsonNode outcome;

  /** Takes what the next row of a ledger holds, from its first on; it was verified. */
  void add(EventEnvelope envelope) {
    gate.add(envelope);
    JsonNode payload = envelope.payload();
    if (submission == null) {
      submission = payload.required("input");
    } else if (plan == null) {
      plan = payload;
    }
    outcome = payload;
    switch (envelope.topic()) {
      case "gate.verdict" -> decisions.put("gate.decision", decision(payload));
      case "promotion.decision" -> decisions.put("promotion.decision", decision(payload));
      case "task.claimed" -> claimed(payload);
      case "task.result.raw" -> named(payload);
      case "task.result" -> {
        String task = payload.required("task_id").asText();
        results.put(task, CanonicalJson.sha256(payload.required("result")));
        named(payload);
      }
      default -> {
        // Other topics lead to these; the head hash stands for them.
      }
    }
  }

  private static String decision(JsonNode payload) {
    return CanonicalJson.sha256(payload.required("decision"));
  }

  private void claimed(JsonNode payload) {
    if (payload.hasNonNull("deployment_version")) {
      deployments.add(payload.get("deployment_version").asText());
    }
  }

  /** Everything that a result names by its digest, of every attempt, in the order of reporting. */
  private void named(JsonNode payload) {
    for (JsonNode holder : payload.path("result").path("evidence").findParents("sha256")) {
      evidence.add(entry(payload.required("task_id"), holder));
    }
  }

  /**
   * The manifest of a run that ended.
   *
   * @param match what the verification of the rows gave
   * @throws IllegalStateException when what a ledger held makes no valid artifact
   */
  Manifest of(Finding.Match match) {
    ObjectNode manifest = document(match);
    List<FieldError> errors = SchemaCatalog.standard().validate(SCHEMA, manifest);
    if (!errors.isEmpty()) {
      throw new IllegalStateException("no run.manifest: " + errors.getFirst().pointer());
    }
    return Manifest.of(manifest, gate.predicate(match));
  }

  private ObjectNode document(Finding.Match match) {
    String path = documentPath(match.runId());
    ObjectNode manifest = object();
    manifest.put("version", VERSION);
    manifest.put("run_id", match.runId().value());
    manifest.set("inputs", inputs(path));
    manifest.set("commands", commands());
    manifest.set("artifacts", artifacts(match));
    manifest.set("runtime", runtime());
    manifest.set("refs", refs(path));
    ObjectNode budgets = budgets();
    if (profile().isObject() || submission.path("document").path("budgets").isObject()) {
      manifest.set("budgets", budgets);
    }
    return manifest;
  }

  /** The profile's, and over them what the document says itself. */
  private ObjectNode budgets() {
    ObjectNode budgets = object();
    for (JsonNode holder : List.of(profile(), submission.path("document"))) {
      if (holder.path("budgets") instanceof ObjectNode said) {
        budgets.setAll(said);
      }
    }
    return budgets;
  }

  private JsonNode profile() {
    return submission.path("profile");
  }

  private String documentPath(RunId runId) {
    boolean preContract = submission.path("source_kind").asText().equals("PRE_CONTRACT");
    return "runs/" + runId + (preContract ? "/pre_contract.json" : "/work.queue.json");
  }

  private ObjectNode inputs(String path) {
    ObjectNode hashes = object();
    hashes.put("policies", plan.required("policy_digest").asText());
    hashes.put("work.queue", CanonicalJson.sha256(plan.required("tasks")));
    if (profile().isObject()) {
      hashes.put("runtime.config", profile().required("config_sha256").asText());
    }
    ObjectNode inputs = object();
    inputs.put("pre_contract_path", path);
    inputs.put("pre_contract_sha256", CanonicalJson.sha256(submission.required("document")));
    inputs.set("input_hashes", hashes);
    return inputs;
  }

  private ArrayNode commands() {
    ArrayNode commands = Json.mapper().createArrayNode();
    for (JsonNode task : plan.required("tasks")) {
      if (!task.path("command").isEmpty()) {
        commands.add(task.get("command"));
      }
    }
    return commands;
  }

  private ObjectNode artifacts(Finding.Match match) {
    ObjectNode artifacts = object();
    artifacts
        .putObject("journal")
        .put("run_uid", match.runUid().value())
        .put("namespace", match.namespace().value())
        .put("sequence", match.sequence())
        .put("head_hash", match.headHash());
    artifacts.put("state", match.stateSha256());
    artifacts.set("outcome", outcome);
    artifacts.setAll(decisions);
    artifacts.set("task.result", results);
    artifacts.set("evidence", Json.mapper().createArrayNode().addAll(evidence));
    if (plan.hasNonNull("redrive_of")) {
      artifacts.set("redrive_of", plan.get("redrive_of"));
    }
    return artifacts;
  }

  private static ObjectNode entry(JsonNode taskId, JsonNode holder) {
    ObjectNode entry = object();
    entry.set("task_id", taskId);
    for (String field : List.of("path", "sha256", "bytes")) {
      if (holder.path(field).isValueNode() && holder.hasNonNull(field)) {
        entry.set(field, holder.get(field));
      }
    }
    return entry;
  }

  /** What decided and what worked: a version of this program would make the bytes differ. */
  private ObjectNode runtime() {
    ObjectNode tools = object();
    tools.put("dome.decider", plan.required("decider_version").asText());
    tools.put("dome.policies", plan.required("policies").required("version").asText());
    if (profile().isObject()) {
      tools.put("dome.profile", profile().required("name").asText());
    }
    int number = 0;
    for (String version : deployments) {
      number++;
      tools.put(number == 1 ? "worker" : "worker." + number, version);
    }
    ObjectNode runtime = object();
    runtime.set("tool_versions", tools);
    String base = plan.required("base_ref").asText();
    if (COMMIT.matcher(base).matches()) {
      runtime.put("repo_commit_sha", base);
    }
    return runtime;
  }

  private ObjectNode refs(String path) {
    ObjectNode refs = object();
    refs.put("packet_contract_ref", path);
    for (String ref : List.of("policy_ref", "pattern_ref")) {
      JsonNode given = submission.path("document").path(ref);
      if (given.isTextual()) {
        refs.set(ref, given);
      }
    }
    if (!refs.has("pattern_ref") && profile().hasNonNull("pattern_catalog_ref")) {
      refs.set("pattern_ref", profile().get("pattern_catalog_ref"));
    }
    return refs;
  }

  private static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }
}
