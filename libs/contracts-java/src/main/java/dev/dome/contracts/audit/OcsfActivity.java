package dev.dome.contracts.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * An audit record as an API Activity (class 6003) of the Open Cybersecurity Schema Framework 1.3.0,
 * https://schema.ocsf.io. The texts that hash chains are made of are left out: {@code unmapped}
 * says where the record stands in its chain or stream, the record itself says what it is made of.
 */
public final class OcsfActivity {
  static final String VERSION = "1.3.0";
  private static final int CATEGORY = 6;
  private static final int CLASS = 6003;

  /** Of the journal, whose rows one service writes. */
  private static final String JOURNAL_SERVICE = "state-controller";

  private static final List<String> JOURNAL_PLACE =
      List.of("run_uid", "sequence", "lane", "lane_position", "row_kind", "prev_hash", "hash");

  /** Acts are recorded by the service that keeps the audit. */
  private static final String AUDIT_SERVICE = "audit-export";

  private static final List<String> ACT_PLACE = List.of("sequence", "prev_hash", "hash");
  private static final List<String> STREAM_PLACE = List.of("incarnation", "sequence", "ordinal");

  private OcsfActivity() {}

  /** What kind of call it was, by OCSF's numbers. */
  public enum Activity {
    UNKNOWN(0, "Unknown"),
    CREATE(1, "Create"),
    READ(2, "Read"),
    UPDATE(3, "Update"),
    DELETE(4, "Delete"),
    OTHER(99, "Other");

    private final int id;
    private final String caption;

    Activity(int id, String caption) {
      this.id = id;
      this.caption = caption;
    }

    /** Of an operation of the access table; OTHER for one that this version does not know. */
    public static Activity ofOperation(String operation) {
      return switch (operation) {
        case "" -> UNKNOWN;
        case "SUBMIT_RUN", "PUT_EVIDENCE", "REDRIVE", "REPLAY_RUN" -> CREATE;
        case "READ",
            "READ_LANE",
            "READ_OPERATIONS",
            "READ_AUDIT",
            "READ_WEBHOOKS",
            "EXPORT_AUDIT",
            "READ_RETENTION",
            "READ_EXPIRED" ->
            READ;
        case "CANCEL_RUN",
            "PAUSE_RUN",
            "RESUME_RUN",
            "DECIDE_APPROVAL",
            "PAUSE_BREAKER",
            "RESUME_BREAKER",
            "DRAIN_WORKERS",
            "CLAIM_TASKS",
            "HEARTBEAT",
            "REPORT_RESULT",
            "RELEASE_TASK",
            "REBUILD_STREAMS",
            "SET_LIMIT",
            "MANAGE_WEBHOOKS",
            "SET_RETENTION",
            "PLACE_HOLD",
            "RELEASE_HOLD" ->
            UPDATE;
        case "PURGE_AUDIT" -> DELETE;
        default -> OTHER;
      };
    }

    /** Of a journal row, which begins a run or changes one, or of an act on the audit itself. */
    static Activity ofTopic(String topic) {
      return switch (topic) {
        case "input.submit_run" -> CREATE;
        case "audit.purged" -> DELETE;
        default -> UPDATE;
      };
    }
  }

  /**
   * The record in OCSF.
   *
   * @param record as {@code GET audit/records} has it
   */
  public static ObjectNode of(JsonNode record) {
    boolean journal = record.path("journal").isObject();
    boolean act = record.path("admin").isObject();
    JsonNode decision = record.at("/access/decision");
    String operation =
        journal || act ? record.path("topic").asText() : decision.path("operation").asText("");
    Activity activity =
        journal || act ? Activity.ofTopic(operation) : Activity.ofOperation(operation);
    boolean denied = decision.path("effect").asText().equals("DENY");
    ObjectNode ocsf = Json.mapper().createObjectNode();
    classification(ocsf, activity, denied);
    ocsf.put("time", Timestamps.parse(record.path("at").asText()));
    status(ocsf, record, denied);
    if (decision.path("count").asLong(1) > 1) {
      ocsf.set("count", decision.get("count"));
    }
    String service =
        journal ? JOURNAL_SERVICE : act ? AUDIT_SERVICE : record.at("/access/service").asText();
    actor(ocsf, record, journal ? service : "");
    api(ocsf, operation.isEmpty() ? "unknown" : operation, service);
    source(ocsf, decision, service);
    resources(ocsf, record, decision.path("change"));
    metadata(ocsf, record);
    unmapped(ocsf, record, decision);
    return ocsf;
  }

  private static void classification(ObjectNode ocsf, Activity activity, boolean denied) {
    ocsf.put("activity_id", activity.id).put("activity_name", activity.caption);
    ocsf.put("category_uid", CATEGORY).put("category_name", "Application Activity");
    ocsf.put("class_uid", CLASS).put("class_name", "API Activity");
    ocsf.put("type_uid", CLASS * 100 + activity.id);
    ocsf.put("severity_id", denied ? 2 : 1).put("severity", denied ? "Low" : "Informational");
  }

  private static void status(ObjectNode ocsf, JsonNode record, boolean denied) {
    ocsf.put("status_id", denied ? 2 : 1).put("status", denied ? "Failure" : "Success");
    String codes =
        StreamSupport.stream(record.path("reason_codes").spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(" "));
    if (!codes.isEmpty()) {
      ocsf.put("status_code", codes);
    }
  }

  /** What dome derived has no user: the service did it. */
  private static void actor(ObjectNode ocsf, JsonNode record, String derivedBy) {
    ObjectNode actor = ocsf.putObject("actor");
    if (record.hasNonNull("actor")) {
      actor.putObject("user").set("uid", record.get("actor"));
    } else if (derivedBy.isEmpty()) {
      actor.putObject("user").put("name", "anonymous");
    } else {
      actor.put("app_name", derivedBy);
    }
  }

  private static void api(ObjectNode ocsf, String operation, String service) {
    ObjectNode api = ocsf.putObject("api").put("operation", operation);
    api.putObject("service").put("name", service);
  }

  /** The caller's address is recorded of callers without a subject only. */
  private static void source(ObjectNode ocsf, JsonNode decision, String service) {
    ObjectNode source = ocsf.putObject("src_endpoint");
    if (decision.hasNonNull("source")) {
      source.set("ip", decision.get("source"));
    } else {
      source.put("svc_name", service);
    }
  }

  /** What an administrative act changed comes last, with what it was set to as its data. */
  private static void resources(ObjectNode ocsf, JsonNode record, JsonNode change) {
    ObjectNode namespace = ocsf.putArray("resources").addObject();
    namespace.put("type", "namespace").set("uid", record.path("namespace"));
    if (record.hasNonNull("run_id")) {
      ObjectNode run = ocsf.withArray("resources").addObject();
      run.put("type", "run").set("uid", record.get("run_id"));
    }
    if (change.isObject()) {
      ObjectNode changed = ocsf.withArray("resources").addObject();
      changed.set("type", change.path("kind"));
      changed.set("uid", change.path("name"));
      if (change.has("value")) {
        changed.set("data", change.get("value"));
      }
    }
  }

  private static void metadata(ObjectNode ocsf, JsonNode record) {
    ObjectNode metadata = ocsf.putObject("metadata").put("version", VERSION);
    metadata.putObject("product").put("name", "dome").put("vendor_name", "dome");
    metadata.put("log_name", "audit").put("uid", record.path("log_index").asText());
    metadata.set("original_time", record.path("at"));
  }

  private static void unmapped(ObjectNode ocsf, JsonNode record, JsonNode decision) {
    ObjectNode unmapped = ocsf.putObject("unmapped");
    unmapped.set("kind", record.path("kind"));
    JOURNAL_PLACE.forEach(field -> copy(record.path("journal"), field, unmapped));
    ACT_PLACE.forEach(field -> copy(record.path("admin"), field, unmapped));
    STREAM_PLACE.forEach(field -> copy(record.path("access"), field, unmapped));
    copy(decision, "trace_id", unmapped);
  }

  private static void copy(JsonNode from, String field, ObjectNode to) {
    if (from.hasNonNull(field)) {
      to.set(field, from.get(field));
    }
  }
}
