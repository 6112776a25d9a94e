package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.model.RunEvent;
import dev.dome.contracts.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the attempts of a run left, told by the results in its journal. dome accepts no result that
 * names absent evidence, so every digest here is in the store.
 *
 * @param artifacts in the order of the journal
 */
public record RunEvidence(String runId, List<Artifact> artifacts, Totals totals, JsonNode otel) {
  private static final String CAPSULE_VERSION = "0.2.0";
  private static final String RAW_RESULT = "task.result.raw";
  private static final int PAGE = 200;

  /** One file that one attempt named. */
  public record Artifact(String taskId, int attempt, String path, String sha256, long bytes) {}

  /** Over all attempts that reported. */
  public record Totals(int results, int passed, long durationMs) {
    private Totals plus(JsonNode result) {
      boolean pass = result.path("status").asText().equals("PASS");
      return new Totals(
          results + 1, passed + (pass ? 1 : 0), durationMs + result.path("duration_ms").asLong());
    }
  }

  static RunEvidence read(DomeClient client, String runId) {
    List<Artifact> artifacts = new ArrayList<>();
    Totals totals = new Totals(0, 0, 0);
    JsonNode otel = null;
    long after = 0;
    List<RunEvent> page;
    do {
      page = page(client, runId, after);
      for (RunEvent event : page) {
        after = event.sequence();
        if (event.topic().equals(RAW_RESULT)) {
          JsonNode result = event.payload().path("result");
          totals = totals.plus(result);
          otel = otel == null ? result.path("evidence").get("otel") : otel;
          addArtifacts(event.payload(), artifacts);
        }
      }
    } while (page.size() == PAGE);
    return new RunEvidence(runId, List.copyOf(artifacts), totals, otel);
  }

  private static List<RunEvent> page(DomeClient client, String runId, long after) {
    Map<String, String> query =
        Map.of("after", Long.toString(after), "page_size", Integer.toString(PAGE));
    JsonNode page = client.read("runs/" + DomeClient.segment(runId) + "/events", query);
    return ClientJson.readAll(page.path("items"), RunEvent.class);
  }

  private static void addArtifacts(JsonNode payload, List<Artifact> artifacts) {
    JsonNode evidence = payload.path("result").path("evidence");
    Iterable<JsonNode> bundles = evidence.isArray() ? evidence : List.of(evidence);
    for (JsonNode bundle : bundles) {
      for (JsonNode artifact : bundle.path("artifacts")) {
        artifacts.add(
            new Artifact(
                payload.path("task_id").asText(),
                payload.path("attempt").asInt(),
                artifact.path("path").asText(),
                artifact.path("sha256").asText(),
                artifact.path("bytes").asLong()));
      }
    }
  }

  /**
   * The run's {@code evidence.capsule} document: the trace its first attempt with a trace was
   * worked in, totals as signals, and every file, its path below its task and attempt.
   */
  public ObjectNode capsule() {
    ObjectNode capsule = Json.mapper().createObjectNode();
    capsule.put("version", CAPSULE_VERSION);
    ObjectNode trace = capsule.putObject("trace");
    trace.put("trace_id_hex", traceField("trace_id_hex", "0".repeat(32)));
    trace.put("span_id_hex", traceField("span_id_hex", "0".repeat(16)));
    trace.put("backend", traceField("backend", "none"));
    trace.put("run_id", runId);
    capsule
        .putObject("signals")
        .put("results", totals.results())
        .put("results_passed", totals.passed())
        .put("duration_ms", totals.durationMs());
    ArrayNode files = capsule.putArray("artifacts");
    for (Artifact each : artifacts) {
      files
          .addObject()
          .put("path", each.taskId() + "/" + each.attempt() + "/" + each.path())
          .put("sha256", each.sha256())
          .put("bytes", each.bytes());
    }
    return capsule;
  }

  /** All zeros is how W3C trace context says that there is no trace. */
  private String traceField(String name, String absent) {
    return otel == null ? absent : otel.path(name).asText(absent);
  }
}
