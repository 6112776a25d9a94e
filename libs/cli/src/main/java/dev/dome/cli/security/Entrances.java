package dev.dome.cli.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.security.BadInput.Draft;
import dev.dome.cli.security.RawHttp.Answer;
import dev.dome.client.TaskContext;
import dev.dome.client.command.CommandWorker;
import dev.dome.client.model.Grant;
import dev.dome.client.model.StoredEvidence;
import dev.dome.contracts.Json;
import dev.dome.security.PatternRedactor;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ways by which text comes into dome, each of which takes a secret and says whether it was let
 * in. Four tasks of a run of its own are worked for it.
 */
final class Entrances {
  private static final String JSON = "application/json";
  private static final int TASKS = 4;

  /** One way in. */
  enum Entrance {
    GOAL("a task's goal"),
    QUEUE_COMMENT("a comment on a queue"),
    LABEL("a worker's label"),
    NOTES("a result's notes"),
    ERROR("an error message and its context"),
    EVENT("an event's payload"),
    CLOUD_EVENT("a CloudEvent's data"),
    EVIDENCE("evidence"),
    OUTPUT("a command's output"),
    HEADER("headers"),
    ADDRESS("path and query"),
    WEBHOOK("a webhook's URL"),
    MALFORMED("a body that is cut short"),
    COMMENT("an operator's comment, which ends the run");

    private final String title;

    Entrance(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private final RawHttp http;
  private final String root;
  private final String bearer;
  private final String traceparent;
  private final Path directory;
  private final List<String> digests = new ArrayList<>();
  private final Deque<JsonNode> granted = new ArrayDeque<>();
  private final String runId;
  private final String queue;
  private int number;

  /**
   * Entrances of one run.
   *
   * @param traceparent of every request
   * @param directory for the working directories of commands
   */
  Entrances(
      RawHttp http,
      String namespace,
      String token,
      String traceparent,
      Path directory,
      String runId) {
    this.http = http;
    this.root = "/v1/namespaces/" + namespace + "/";
    this.bearer = token;
    this.traceparent = traceparent;
    this.directory = directory;
    this.runId = runId;
    this.queue = "q-" + runId;
  }

  /** Makes the run and claims its tasks; the first carries the text in its goal. */
  Answer begin(String goal) throws IOException {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.3").put("version", "0.3.0");
    document.put("run_id", runId).put("base_ref", "main").put("max_workers", TASKS);
    for (int i = 1; i <= TASKS; i++) {
      ObjectNode task = document.withArrayProperty("tasks").addObject();
      task.put("task_id", "task-" + i).put("goal", i == 1 ? goal : "work");
      task.put("status", "QUEUED").put("queue", queue);
    }
    Answer answer = post("runs", document);
    claim();
    return answer;
  }

  private void claim() throws IOException {
    while (granted.size() < TASKS) {
      ObjectNode claim = claimOf(TASKS - granted.size());
      Answer answer = post("queues/" + queue + "/claims", claim.put("wait_seconds", 5));
      if (answer.status() >= 300) {
        throw new IOException("a claim was answered " + answer.status() + " " + answer.body());
      }
      if (answer.status() == 200) {
        JsonNode tasks = Json.read(bytes(answer.body()), JsonNode.class).path("tasks");
        tasks.forEach(granted::add);
      }
    }
  }

  private ObjectNode claimOf(int tasks) {
    number++;
    return Json.mapper()
        .createObjectNode()
        .put("claim_id", runId + "-claim-" + number)
        .put("worker_id", "scan")
        .put("max_tasks", tasks);
  }

  /** Whatever is left of the run ends; comes last. */
  Answer end(String comment) throws IOException {
    return steer("runs/" + runId + "/cancel", "OPERATOR.CANCELLED", comment);
  }

  /** What was stored as evidence. */
  List<String> digests() {
    return digests;
  }

  /** Sends a text in, each entrance once and in their order: the first makes the run. */
  Answer plant(Entrance entrance, String text) throws IOException {
    return switch (entrance) {
      case GOAL -> begin(text);
      case COMMENT -> end(text);
      case QUEUE_COMMENT -> queueComment(text);
      case LABEL -> label(text);
      case NOTES -> result(report("PASS").put("notes", text));
      case ERROR -> result(error(text));
      case EVENT -> event(text);
      case CLOUD_EVENT -> cloudEvent(text);
      case EVIDENCE -> evidence(bytes(text));
      case OUTPUT -> output(text);
      case HEADER -> headers(text);
      case ADDRESS -> address(text);
      case WEBHOOK -> webhook(text);
      case MALFORMED -> malformed(text);
    };
  }

  private Answer queueComment(String text) throws IOException {
    Answer paused = steer("queues/" + queue + "/pause", "OPERATOR.PAUSED", text);
    steer("queues/" + queue + "/resume", "OPERATOR.RESUMED", text);
    return paused;
  }

  private Answer label(String text) throws IOException {
    ObjectNode claim = claimOf(1).put("wait_seconds", 0);
    claim.putObject("labels").put("note", text);
    return post("queues/" + queue + "/claims", claim);
  }

  /** A report of the next task that was granted. */
  private ObjectNode report(String status) {
    JsonNode grant = granted.element();
    return Json.mapper()
        .createObjectNode()
        .put("fence", grant.path("fence").asLong())
        .put("artifact_kind", "dome.task.result/v0.2")
        .put("task_id", grant.path("task_id").asText())
        .put("status", status);
  }

  private ObjectNode error(String text) {
    ObjectNode report = report("FAIL").put("reason_code", "EXEC.NONZERO_EXIT");
    report.put("notes", "failed: " + text);
    report.putObject("evidence").put("stderr", text).putArray("lines").add(text);
    return report;
  }

  private Answer result(ObjectNode report) throws IOException {
    String attempt = granted.remove().path("attempt_id").asText();
    return post("attempts/" + attempt + "/result", report);
  }

  private Answer event(String text) throws IOException {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("schema_version", "dome.event.envelope/v0.2").put("sequence", 1);
    event.put("event_id", "evt-" + hex("event " + runId).substring(0, 32));
    event.put("ts", "2026-11-22T09:00:11.000Z").put("topic", "task.result.raw");
    event.put("run_id", runId).set("payload", reportOfAttempt(text));
    return post("events", event);
  }

  private Answer cloudEvent(String text) throws IOException {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("specversion", "1.0").put("id", "evt-" + hex("cloud " + runId).substring(0, 32));
    event.put("source", "https://ci.example.org/runner").put("subject", runId);
    event.put("type", "dev.dome.task.result.raw").put("time", "2026-11-22T09:00:12.000Z");
    event.put("datacontenttype", JSON).set("data", reportOfAttempt(text));
    Draft draft = draft("POST", "events");
    return send(draft.body("application/cloudevents+json", Json.write(event)));
  }

  private ObjectNode reportOfAttempt(String text) {
    ObjectNode report = report("PASS").put("notes", text);
    return report.put("attempt_id", granted.remove().path("attempt_id").asText());
  }

  private Answer evidence(byte[] content) throws IOException {
    String digest = hex(content);
    Answer answer = send(draft("PUT", "evidence/" + digest).body("text/plain", content));
    if (answer.status() < 300) {
      digests.add(digest);
    }
    return answer;
  }

  /** The command spells the text in octal, so that it is in no command itself. */
  private Answer output(String text) throws IOException {
    StringBuilder octal = new StringBuilder();
    for (byte b : bytes(text)) {
      octal.append('\\').append(String.format("%03o", b & 0xff));
    }
    ObjectNode inputs = Json.mapper().createObjectNode();
    inputs.putArray("command").add("printf").add(octal.toString());
    Grant grant =
        new Grant(runId, "output", 1, "att-0001-" + "0".repeat(32), 1, "", null, "", inputs, null);
    Answer[] answer = {Answer.NONE};
    CommandWorker worker =
        new CommandWorker(
            directory,
            PatternRedactor.standard(),
            (content, type) -> {
              answer[0] = stored(content);
              return new StoredEvidence(hex(content), content.length, type, null, null);
            },
            CommandWorker.Limits.DEFAULT);
    try {
      worker.handle(new TaskContext(grant));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return answer[0];
  }

  private Answer stored(byte[] content) {
    try {
      return evidence(content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("evidence cannot be sent", e);
    }
  }

  private Answer headers(String text) throws IOException {
    String line = text.replaceAll("[\\r\\n]+", " ");
    Map<String, String> headers = new TreeMap<>();
    for (String name :
        List.of("Idempotency-Key", "User-Agent", "X-Request-Id", "Cookie", "Referer")) {
      headers.put(name, line);
    }
    headers.put("tracestate", "vendor=" + line.replaceAll("[=,]", "-"));
    headers.put("baggage", "user=" + line);
    Draft draft = draft("POST", "runs/" + runId + "/pause");
    headers.forEach((name, value) -> draft.header(name + ": " + value));
    return send(draft.body(JSON, bytes("{}")));
  }

  private Answer address(String text) throws IOException {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    send(draft("GET", "runs?cursor=" + encoded + "&status=" + encoded + "&queue=" + encoded));
    send(draft("POST", "runs/" + encoded + "/cancel").body(JSON, bytes("{}")));
    send(draft("GET", "dead-letters/" + encoded));
    return send(draft("GET", "runs/" + encoded));
  }

  private Answer webhook(String text) throws IOException {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    ObjectNode webhook = Json.mapper().createObjectNode();
    return post("webhooks", webhook.put("url", "https://127.0.0.1:9/hook?access_token=" + encoded));
  }

  private Answer malformed(String text) throws IOException {
    byte[] whole = Json.write(Map.of("goal", text));
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 1);
    return send(draft("POST", "runs").body(JSON, cut));
  }

  private Answer steer(String resource, String reasonCode, String comment) throws IOException {
    ObjectNode body = Json.mapper().createObjectNode();
    return post(resource, body.put("reason_code", reasonCode).put("comment", comment));
  }

  private Answer post(String resource, JsonNode body) throws IOException {
    return send(draft("POST", resource).body(JSON, Json.write(body)));
  }

  private Draft draft(String method, String resource) {
    return new Draft(method, root + resource)
        .header("Authorization: Bearer " + bearer)
        .header("traceparent: " + traceparent);
  }

  private Answer send(Draft draft) throws IOException {
    return http.send(draft.wire());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(String text) {
    return hex(bytes(text));
  }

  private static String hex(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
