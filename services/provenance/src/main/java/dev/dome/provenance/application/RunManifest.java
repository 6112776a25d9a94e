package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.verification.Finding;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The {@code run.manifest} artifact of a run, from its verified ledger and from nothing else: no
 * clock, no version of this program. Every digest is SHA-256 over RFC 8785 canonical JSON of what
 * the ledger holds; doc/run-manifest.md says which, so that anybody can make it again.
 */
final class RunManifest {
  private static final String VERSION = "0.2.0";
  private static final String SCHEMA = "run.manifest";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

  private final List<JsonNode> rows;
  private final Finding.Match match;
  private final JsonNode submission;
  private final JsonNode plan;

  private RunManifest(List<JsonNode> rows, Finding.Match match) {
    this.rows = rows;
    this.match = match;
    this.submission = payload(rows.getFirst()).required("input");
    this.plan = payload(rows.get(1));
  }

  /**
   * The manifest of a run that ended.
   *
   * @param rows whose verification gave the match
   * @throws IllegalStateException when what a ledger held makes no valid artifact
   */
  static Manifest of(List<JsonNode> rows, Finding.Match match) {
    ObjectNode manifest = new RunManifest(rows, match).document();
    List<FieldError> errors = SchemaCatalog.standard().validate(SCHEMA, manifest);
    if (!errors.isEmpty()) {
      throw new IllegalStateException("no run.manifest: " + errors.getFirst().pointer());
    }
    return Manifest.of(manifest);
  }

  private ObjectNode document() {
    ObjectNode manifest = object();
    manifest.put("version", VERSION);
    manifest.put("run_id", match.runId().value());
    manifest.set("inputs", inputs());
    manifest.set("commands", commands());
    manifest.set("artifacts", artifacts());
    manifest.set("runtime", runtime());
    manifest.set("refs", refs());
    JsonNode budgets = submission.path("document").path("budgets");
    if (budgets.isObject()) {
      manifest.set("budgets", budgets);
    }
    return manifest;
  }

  private String documentPath() {
    boolean preContract = submission.path("source_kind").asText().equals("PRE_CONTRACT");
    return "runs/" + match.runId() + (preContract ? "/pre_contract.json" : "/work.queue.json");
  }

  private ObjectNode inputs() {
    ObjectNode hashes = object();
    hashes.put("policies", plan.required("policy_digest").asText());
    hashes.put("work.queue", CanonicalJson.sha256(plan.required("tasks")));
    ObjectNode inputs = object();
    inputs.put("pre_contract_path", documentPath());
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

  private ObjectNode artifacts() {
    ObjectNode artifacts = object();
    artifacts
        .putObject("journal")
        .put("run_uid", match.runUid().value())
        .put("namespace", match.namespace().value())
        .put("sequence", match.sequence())
        .put("head_hash", match.headHash());
    artifacts.put("state", match.stateSha256());
    artifacts.set("outcome", payload(rows.getLast()));
    ObjectNode results = object();
    for (JsonNode row : rows) {
      JsonNode payload = payload(row);
      switch (topic(row)) {
        case "gate.verdict" -> artifacts.put("gate.decision", decision(payload));
        case "promotion.decision" -> artifacts.put("promotion.decision", decision(payload));
        case "task.result" ->
            results.put(
                payload.required("task_id").asText(),
                CanonicalJson.sha256(payload.required("result")));
        default -> {
          // Other topics lead to these; the head hash stands for them.
        }
      }
    }
    artifacts.set("task.result", results);
    artifacts.set("evidence", evidence());
    if (plan.hasNonNull("redrive_of")) {
      artifacts.set("redrive_of", plan.get("redrive_of"));
    }
    return artifacts;
  }

  private static String decision(JsonNode payload) {
    return CanonicalJson.sha256(payload.required("decision"));
  }

  /** Everything that a result names by its digest, of every attempt, in the order of reporting. */
  private ArrayNode evidence() {
    Set<JsonNode> named = new LinkedHashSet<>();
    for (JsonNode row : rows) {
      String topic = topic(row);
      if (topic.equals("task.result.raw") || topic.equals("task.result")) {
        JsonNode payload = payload(row);
        for (JsonNode holder : payload.path("result").path("evidence").findParents("sha256")) {
          named.add(entry(payload.required("task_id"), holder));
        }
      }
    }
    return Json.mapper().createArrayNode().addAll(named);
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
    int deployments = 0;
    for (String version : deployments()) {
      deployments++;
      tools.put(deployments == 1 ? "worker" : "worker." + deployments, version);
    }
    ObjectNode runtime = object();
    runtime.set("tool_versions", tools);
    String base = plan.required("base_ref").asText();
    if (COMMIT.matcher(base).matches()) {
      runtime.put("repo_commit_sha", base);
    }
    return runtime;
  }

  private Set<String> deployments() {
    Set<String> deployments = new LinkedHashSet<>();
    for (JsonNode row : rows) {
      if (topic(row).equals("task.claimed") && payload(row).hasNonNull("deployment_version")) {
        deployments.add(payload(row).get("deployment_version").asText());
      }
    }
    return deployments;
  }

  private ObjectNode refs() {
    ObjectNode refs = object();
    refs.put("packet_contract_ref", documentPath());
    for (String ref : List.of("policy_ref", "pattern_ref")) {
      JsonNode given = submission.path("document").path(ref);
      if (given.isTextual()) {
        refs.set(ref, given);
      }
    }
    return refs;
  }

  private static String topic(JsonNode row) {
    return row.required("envelope").required("topic").asText();
  }

  private static JsonNode payload(JsonNode row) {
    return row.required("envelope").required("payload");
  }

  private static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }
}
