package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the attempts of a run left. dome accepts no result that names absent evidence, so every
 * digest here was in the store when it was named.
 *
 * @param artifacts in the order of the journal
 */
public record RunEvidence(String runId, List<Artifact> artifacts) {
  private static final String CAPSULE_VERSION = "0.2.0";

  /** As the contracts have it, short enough to stand below its task and attempt. */
  private static final Pattern RELATIVE =
      Pattern.compile("(?!/)(?!(?:.*/)?\\.\\.(?:/|$))[^\\\\\\x00-\\x1f]{1,512}");

  /**
   * One file that one attempt named.
   *
   * @param attemptId null when the result was taken over from the run that this one redrives
   * @param carried true then, else null
   * @param mediaType null in runs from before it was recorded, like redaction
   * @param redaction CHECKED for text in which no secret was found, OPAQUE for other content
   */
  public record Artifact(
      String taskId,
      Integer attempt,
      String attemptId,
      Boolean carried,
      String path,
      String sha256,
      Long bytes,
      String mediaType,
      String redaction) {}

  static RunEvidence read(DomeClient client, String runId) {
    List<Artifact> artifacts = new ArrayList<>();
    client.pages(
        resource(runId, "/evidence"), item -> artifacts.add(ClientJson.read(item, Artifact.class)));
    return new RunEvidence(runId, List.copyOf(artifacts));
  }

  /**
   * The run's {@code evidence.capsule} document: the trace of its gate, or the run's own while
   * there is no gate decision, its summary as signals, and every file, its path below its task and
   * attempt.
   */
  public ObjectNode capsule(DomeClient client) {
    ObjectNode capsule = Json.mapper().createObjectNode();
    capsule.put("version", CAPSULE_VERSION);
    capsule.set("trace", trace(client));
    capsule.set("signals", signals(client.read(resource(runId, "/summary"), Map.of())));
    capsule.set("artifacts", files());
    return capsule;
  }

  /** All zeros is how W3C trace context says that there is no span. */
  private ObjectNode trace(DomeClient client) {
    JsonNode run = client.read(resource(runId, ""), Map.of());
    JsonNode gate =
        client
            .readIfPresent(resource(runId, "/gate"))
            .map(decision -> decision.path("telemetry_ref"))
            .orElse(run);
    return Json.mapper()
        .createObjectNode()
        .put("trace_id_hex", gate.path("trace_id_hex").asText("0".repeat(32)))
        .put("span_id_hex", gate.path("span_id_hex").asText("0".repeat(16)))
        .put("backend", "dome")
        .put("run_id", runId);
  }

  private static ObjectNode signals(JsonNode summary) {
    ObjectNode signals = Json.mapper().createObjectNode();
    signals.set("status", summary.path("status"));
    signals.set("tasks", summary.path("tasks").path("total"));
    for (String name : List.of("failed", "retries", "work_ms", "duration_ms")) {
      signals.set(name, summary.path(name));
    }
    return signals;
  }

  /** A file whose size nobody said or recorded has no place in a capsule. */
  private ArrayNode files() {
    ArrayNode files = Json.mapper().createArrayNode();
    for (Artifact each : artifacts) {
      if (each.bytes() != null) {
        files
            .addObject()
            .put("path", place(each))
            .put("sha256", each.sha256())
            .put("bytes", each.bytes());
      }
    }
    return files;
  }

  /** An attempt may call its file anything; what is no relative path is called by its digest. */
  private static String place(Artifact artifact) {
    String attempt = artifact.attempt() == null ? "carried" : artifact.attempt().toString();
    boolean relative = artifact.path() != null && RELATIVE.matcher(artifact.path()).matches();
    return artifact.taskId()
        + "/"
        + attempt
        + "/"
        + (relative ? artifact.path() : artifact.sha256());
  }

  private static String resource(String runId, String part) {
    return "runs/" + DomeClient.segment(runId) + part;
  }
}
