package dev.dome.ingest.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.dome.contracts.Json;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/** The shapes of ingest's answers in its contract, each with an example of a real one. */
final class ContractSchemas {
  private static final Map<String, String> EXAMPLES =
      Map.ofEntries(
          Map.entry(
              "RunAnswer",
              """
              {"run_id": "pkt-dome-demo-0001", "namespace": "demo", "status": "RUNNING",
               "position": {"run_id": "pkt-dome-demo-0001", "sequence": 3}}
              """),
          Map.entry(
              "QueuedOperation",
              """
              {"operation_id": "019a2f6e-4c00-7c3a-9a41-0d6f3f1f8b11", "status": "QUEUED",
               "operation_url":
                 "/v1/namespaces/demo/operations/019a2f6e-4c00-7c3a-9a41-0d6f3f1f8b11"}
              """),
          Map.entry(
              "GrantedTasks",
              """
              {"tasks": [{"run_id": "pkt-dome-demo-0001", "task_id": "pkt-dome-demo-0001-plan",
                "attempt": 1, "attempt_id": "att-0003-0123456789abcdef0123456789abcdef", "fence": 7,
                "lease_expires_at": "2026-11-22T17:00:30.000Z", "goal": "Plan execution scope: demo",
                "inputs": {"base_ref": "main"}}]}
              """),
          Map.entry(
              "BulkRedrive",
              """
              {"dry_run": true, "more": false, "items": [{"run_id": "pkt-dome-demo-0001",
                "dead_letter_ids": ["0123456789abcdef0123456789abcdef-31"], "status": 201,
                "redriven_as": "pkt-dome-demo-0001.r1"}]}
              """),
          Map.entry(
              "StreamRebuild",
              """
              {"streams_made": ["DOME_JOURNAL"], "lanes": [{"lane": 0, "status": 200,
                "operation_id": "019ab1f0-5d1c-7000-8000-0123456789ab", "after": 0,
                "position": 4711}]}
              """),
          Map.entry(
              "Lease",
              """
              {"lease_expires_at": "2026-11-22T17:00:30.000Z", "directives": []}
              """),
          Map.entry(
              "ResultAnswer",
              """
              {"attempt_id": "att-0003-0123456789abcdef0123456789abcdef",
               "task_id": "pkt-dome-demo-0001-plan", "task_status": "GATED", "run_status": "RUNNING",
               "tasks": [], "position": {"run_id": "pkt-dome-demo-0001", "sequence": 9}}
              """),
          Map.entry(
              "Evidence",
              """
              {"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
               "bytes": 4, "media_type": "text/plain; charset=utf-8", "redaction": "CHECKED",
               "stored_at": "2026-11-22T17:00:30.000Z"}
              """),
          Map.entry(
              "ItemAnswers",
              """
              {"results": [
                {"attempt_id": "att-0003-0123456789abcdef0123456789abcdef", "status": 200,
                 "outcome": {"attempt_id": "att-0003-0123456789abcdef0123456789abcdef",
                   "task_id": "pkt-dome-demo-0001-plan", "task_status": "GATED",
                   "run_status": "RUNNING", "tasks": [],
                   "position": {"run_id": "pkt-dome-demo-0001", "sequence": 9}}},
                {"attempt_id": "att-0004-0123456789abcdef0123456789abcdef", "status": 409,
                 "problem": {"type": "urn:dome:reason-code:ATTEMPT.FENCED", "title": "Conflict",
                   "status": 409, "reason_code": "ATTEMPT.FENCED", "retryable": false}}]}
              """));

  private static final Map<String, String> PROBLEMS =
      Map.ofEntries(
          Map.entry("400", "The request is malformed"),
          Map.entry("401", "No valid token"),
          Map.entry("403", "No role that may do this"),
          Map.entry("404", "No such resource, or none the caller may know of"),
          Map.entry("405", "The resource has no such method; see Allow"),
          Map.entry("406", "No media type that was asked for is available"),
          Map.entry("408", "The body came too slowly"),
          Map.entry("409", "It contradicts what was committed before"),
          Map.entry("413", "The body is larger than its limit"),
          Map.entry("414", "The request line is too long"),
          Map.entry("415", "A media type or content encoding that is not read"),
          Map.entry("422", "The body does not fit; errors names the places"),
          Map.entry("429", "More requests than the caller's limit; see Retry-After"),
          Map.entry("431", "The headers are too large"),
          Map.entry("503", "Nothing is lost; come again after the time in Retry-After"));

  private ContractSchemas() {}

  static void addTo(Components components) {
    components.addSchema("Problem", problem());
    components.addSchema("Position", position());
    components.addSchema("RunAnswer", runAnswer());
    components.addSchema("QueuedOperation", strings("operation_id", "status", "operation_url"));
    components.addSchema("GrantedTask", grantedTask());
    components.addSchema(
        "GrantedTasks",
        object()
            .addProperty("tasks", tasks())
            .addProperty("directives", array(type(SchemaType.STRING))));
    components.addSchema("BulkRedrive", bulkRedrive());
    components.addSchema("StreamRebuild", streamRebuild());
    components.addSchema(
        "Lease",
        strings("lease_expires_at").addProperty("directives", array(type(SchemaType.STRING))));
    components.addSchema(
        "Evidence",
        strings("sha256", "media_type", "redaction", "stored_at")
            .addProperty("bytes", type(SchemaType.INTEGER)));
    components.addSchema(
        "ResultAnswer",
        strings("attempt_id", "task_id", "task_status", "run_status")
            .addProperty("tasks", tasks())
            .addProperty("position", ref("Position")));
    components.addSchema("ItemAnswers", object().addProperty("results", array(itemAnswer())));
  }

  private static Schema itemAnswer() {
    return strings("attempt_id")
        .required(List.of("status"))
        .addProperty("status", type(SchemaType.INTEGER))
        .addProperty(
            "outcome",
            OASFactory.createSchema().oneOf(List.of(ref("ResultAnswer"), ref("QueuedOperation"))))
        .addProperty("problem", ref("Problem"));
  }

  static Object example(String schema) {
    try {
      return IngestContract.plain(Json.mapper().readTree(EXAMPLES.get(schema)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the example of " + schema + " is not JSON", e);
    }
  }

  static String problemDescription(String status) {
    return PROBLEMS.get(status);
  }

  private static Schema problem() {
    return strings("type", "title", "detail", "instance", "reason_code", "trace_id", "operation_id")
        .required(List.of("type", "title", "status", "reason_code", "retryable"))
        .addProperty("status", type(SchemaType.INTEGER))
        .addProperty("retryable", type(SchemaType.BOOLEAN))
        .addProperty("errors", array(strings("pointer", "reason_code", "detail")));
  }

  private static Schema position() {
    return strings("run_id").addProperty("sequence", type(SchemaType.INTEGER));
  }

  private static Schema runAnswer() {
    return strings("run_id", "run_uid", "namespace", "status")
        .required(List.of("run_id", "status", "position"))
        .addProperty("paused", type(SchemaType.BOOLEAN))
        .addProperty("position", ref("Position"));
  }

  private static Schema bulkRedrive() {
    Schema ofRun =
        strings("run_id", "redriven_as", "reason_code", "operation_id")
            .addProperty("dead_letter_ids", array(type(SchemaType.STRING)))
            .addProperty("status", type(SchemaType.INTEGER));
    return object()
        .addProperty("dry_run", type(SchemaType.BOOLEAN))
        .addProperty("items", array(ofRun))
        .addProperty("more", type(SchemaType.BOOLEAN));
  }

  private static Schema streamRebuild() {
    Schema ofLane = strings("operation_id");
    for (String number : List.of("lane", "status", "after", "position")) {
      ofLane.addProperty(number, type(SchemaType.INTEGER));
    }
    return object()
        .addProperty("streams_made", array(type(SchemaType.STRING)))
        .addProperty("lanes", array(ofLane));
  }

  private static Schema grantedTask() {
    return strings(
            "run_id",
            "task_id",
            "attempt_id",
            "lease_expires_at",
            "deadline",
            "goal",
            "traceparent")
        .required(List.of("run_id", "task_id", "attempt", "attempt_id", "fence"))
        .addProperty("attempt", type(SchemaType.INTEGER))
        .addProperty("fence", type(SchemaType.INTEGER))
        .addProperty("inputs", object());
  }

  private static Schema tasks() {
    return array(ref("GrantedTask"));
  }

  private static Schema strings(String... names) {
    Schema schema = object();
    for (String name : names) {
      schema.addProperty(name, type(SchemaType.STRING));
    }
    return schema;
  }

  private static Schema array(Schema items) {
    return type(SchemaType.ARRAY).items(items);
  }

  private static Schema ref(String name) {
    return OASFactory.createSchema().ref(name);
  }

  private static Schema object() {
    return type(SchemaType.OBJECT);
  }

  private static Schema type(SchemaType type) {
    return OASFactory.createSchema().type(List.of(type));
  }
}
