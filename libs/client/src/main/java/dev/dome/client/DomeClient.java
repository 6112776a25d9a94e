package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.model.Page;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunAck;
import dev.dome.client.model.Task;
import dev.dome.client.model.TaskStatus;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.security.TrustedCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A client of one namespace. Every call is safe to repeat and is repeated within the retry policy
 * while its outcome is unknown; every method throws {@link DomeException} for a refusal. Safe for
 * use by many threads.
 */
public final class DomeClient implements AutoCloseable {
  /** Many runs are redriven one after the other. */
  private static final Duration BULK = Duration.ofMinutes(1);

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final String PAGE_SIZE = "200";

  private final Transport transport;
  private final String namespace;
  private final RetryPolicy retry;

  private DomeClient(Transport transport, String namespace, RetryPolicy retry) {
    this.transport = transport;
    this.namespace = namespace;
    this.retry = retry;
  }

  /**
   * A client that asks for a bearer token before every try.
   *
   * @param token may return null for an anonymous call
   */
  public static DomeClient of(URI base, String namespace, Supplier<String> token) {
    return of(base, namespace, token, RetryPolicy.DEFAULT);
  }

  public static DomeClient of(
      URI base, String namespace, Supplier<String> token, RetryPolicy retry) {
    return new DomeClient(new Transport(base, token), namespace, retry);
  }

  /**
   * A client with connections of its own that verifies the server against these certificates
   * instead of the JVM's.
   *
   * @param pem a file of X.509 certificates
   * @throws IOException when it cannot be read or has none
   */
  public DomeClient trusting(Path pem) throws IOException {
    return new DomeClient(transport.trusting(TrustedCertificates.in(pem)), namespace, retry);
  }

  /**
   * A client over the same connections that writes down what every try of every write came to.
   * Closing one of the two closes both.
   *
   * @param principal the subject of the client's token
   */
  public DomeClient recording(AnswerLog log, String principal) {
    return new DomeClient(transport.recording(log.pen(namespace, principal)), namespace, retry);
  }

  public String namespace() {
    return namespace;
  }

  /** Submits a pre-contract or a work queue; a repeat is answered as the first time. */
  public RunAck submit(JsonNode document) {
    return submit(document, null);
  }

  /**
   * Submits a pre-contract or a work queue.
   *
   * @param idempotencyKey what a repeat is recognised by, or null for the run id
   */
  public RunAck submit(JsonNode document, String idempotencyKey) {
    return submit(document, idempotencyKey, null);
  }

  /**
   * As {@link #submit(JsonNode, String)}, under a profile of the namespace.
   *
   * @param profile its name, or null for the document's own or the namespace's default
   */
  public RunAck submit(JsonNode document, String idempotencyKey, String profile) {
    String query = profile == null ? "" : "?profile=" + segment(profile);
    Call call = Call.post(path("runs") + query, document, retry);
    Call keyed = idempotencyKey == null ? call : call.withKey(idempotencyKey);
    return transport.send(keyed).as(RunAck.class);
  }

  public Run run(String runId) {
    return read("runs/" + segment(runId), Run.class);
  }

  /** The run as of a position or later. */
  public Run run(String runId, long minPosition) {
    return ClientJson.read(
        read("runs/" + segment(runId), Map.of("min_position", Long.toString(minPosition))),
        Run.class);
  }

  /**
   * One page of runs.
   *
   * @param filter query parameters such as status, cursor and page_size
   */
  public Page<Run> runs(Map<String, String> filter) {
    JsonNode page = read("runs", filter);
    return new Page<>(
        ClientJson.readAll(page.path("items"), Run.class), page.path("next_cursor").textValue());
  }

  /** All tasks of a run in the order of its plan, read page by page. */
  public List<Task> tasks(String runId) {
    return tasks(runId, Map.of());
  }

  /** Those of its tasks that stand there. */
  public List<Task> tasks(String runId, TaskStatus status) {
    return tasks(runId, Map.of("status", status.name()));
  }

  private List<Task> tasks(String runId, Map<String, String> filter) {
    List<Task> tasks = new ArrayList<>();
    pages(
        "runs/" + segment(runId) + "/tasks",
        filter,
        item -> tasks.add(ClientJson.read(item, Task.class)));
    return List.copyOf(tasks);
  }

  /** The run's graph with all its {@code nodes} and {@code edges}, read page by page. */
  public JsonNode graph(String runId) {
    String resource = "runs/" + segment(runId) + "/graph";
    Map<String, String> parameters = new HashMap<>(Map.of("page_size", PAGE_SIZE));
    ObjectNode graph = (ObjectNode) read(resource, parameters);
    Optional<String> cursor = Optional.ofNullable(graph.path("next_cursor").textValue());
    while (cursor.isPresent()) {
      parameters.put("cursor", cursor.get());
      JsonNode page = read(resource, parameters);
      graph.withArray("nodes").addAll((ArrayNode) page.path("nodes"));
      graph.withArray("edges").addAll((ArrayNode) page.path("edges"));
      cursor = Optional.ofNullable(page.path("next_cursor").textValue());
    }
    graph.remove("next_cursor");
    return graph;
  }

  /** The gate decision; empty while there is none. */
  public Optional<GateDecision> gate(String runId) {
    return readIfPresent("runs/" + segment(runId) + "/gate")
        .map(body -> ClientJson.read(body, GateDecision.class));
  }

  /** The promotion decision; empty while there is none. */
  public Optional<PromotionDecision> promotion(String runId) {
    return readIfPresent("runs/" + segment(runId) + "/promotion")
        .map(body -> ClientJson.read(body, PromotionDecision.class));
  }

  /** The run's events after a sequence, as they happen, until the run is complete. */
  public EventStream events(String runId, long afterSequence) {
    return new EventStream(
        transport,
        path("runs/" + segment(runId) + "/events"),
        afterSequence,
        retry,
        EventStream.SILENCE);
  }

  public RunAck cancel(String runId, String reasonCode, String comment) {
    return command(runId, "cancel", reasoned(reasonCode, comment));
  }

  public RunAck pause(String runId, String reasonCode, String comment) {
    return command(runId, "pause", reasoned(reasonCode, comment));
  }

  public RunAck resume(String runId, String reasonCode, String comment) {
    return command(runId, "resume", reasoned(reasonCode, comment));
  }

  /**
   * Holds back what a breaker guards until it is resumed.
   *
   * @param key {@code queue:<name>}, or {@code key:<text>}
   * @param reasonCode may be null
   * @return the breaker as it then stands
   */
  public JsonNode pauseBreaker(String key, String reasonCode, String comment) {
    return steer("breakers/" + segment(key) + "/pause", reasonCode, comment);
  }

  /** Closes a breaker, whatever opened it; parameters as of {@link #pauseBreaker}. */
  public JsonNode resumeBreaker(String key, String reasonCode, String comment) {
    return steer("breakers/" + segment(key) + "/resume", reasonCode, comment);
  }

  /** Hands out none of a queue's tasks until it is resumed. */
  public JsonNode pauseQueue(String queue, String reasonCode, String comment) {
    return steer("queues/" + segment(queue) + "/pause", reasonCode, comment);
  }

  /** Hands out a queue's tasks again, whatever held them back. */
  public JsonNode resumeQueue(String queue, String reasonCode, String comment) {
    return steer("queues/" + segment(queue) + "/resume", reasonCode, comment);
  }

  private JsonNode steer(String resource, String reasonCode, String comment) {
    Call call = Call.post(path(resource), reasoned(reasonCode, comment), retry);
    return transport.send(call.withKey(UUID.randomUUID().toString())).body();
  }

  /**
   * Answers a gate that asked for a human.
   *
   * @param gateDigest SHA-256 over the canonical JSON of the gate decision that was looked at
   */
  public RunAck decide(
      String runId, Verdict decision, String reasonCode, String comment, String gateDigest) {
    ObjectNode body = reasoned(reasonCode, comment);
    body.put("decision", decision.name());
    body.put("gate_digest", gateDigest);
    return command(runId, "approval", body);
  }

  /** What the run's attempts left; empty of files while none named any. */
  public RunEvidence runEvidence(String runId) {
    return RunEvidence.read(this, runId);
  }

  /** Gives every report of the run that came too late, in the order they came, page by page. */
  public void lateReports(String runId, Consumer<JsonNode> each) {
    pages("runs/" + segment(runId) + "/late-reports", each);
  }

  /** Gives the items of a list of the namespace, page by page. */
  void pages(String resource, Consumer<JsonNode> each) {
    pages(resource, Map.of(), each);
  }

  private void pages(String resource, Map<String, String> filter, Consumer<JsonNode> each) {
    Map<String, String> parameters = new HashMap<>(filter);
    parameters.put("page_size", PAGE_SIZE);
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      JsonNode page = read(resource, parameters);
      page.path("items").forEach(each);
      cursor = Optional.ofNullable(page.path("next_cursor").textValue());
      cursor.ifPresent(next -> parameters.put("cursor", next));
    }
  }

  /** Evidence by its digest. */
  public EvidenceCalls evidence() {
    return new EvidenceCalls(transport, path("evidence/"), retry);
  }

  /**
   * Starts a run that tries again what a dead letter's run gave up. The same words about the same
   * dead letter lead to the same run.
   *
   * @param reasonCode may be null
   */
  public RunAck redrive(String deadLetterId, String reasonCode, String comment) {
    String resource = "dead-letters/" + segment(deadLetterId) + "/redrive";
    return transport
        .send(Call.post(path(resource), reasoned(reasonCode, comment), retry))
        .as(RunAck.class);
  }

  /**
   * Redrives the runs of the open dead letters that a filter finds.
   *
   * @param filter queue and run_id, each optional
   * @param dryRun only says what would be redriven
   * @param reasonCode may be null
   * @return an item for each run, and whether there are more of them
   */
  public JsonNode redriveAll(
      Map<String, String> filter, boolean dryRun, String reasonCode, String comment) {
    ObjectNode body = reasoned(reasonCode, comment);
    body.set("filter", Json.tree(filter));
    body.put("dry_run", dryRun);
    Call call = Call.post(path("dead-letters/redrive"), body, retry);
    return transport.send(call.withTimeout(BULK)).body();
  }

  /**
   * Sets a limit, or sets it anew; workers are held to it within a second.
   *
   * @param name {@code queue:<name>}, {@code key:<concurrency key>} or {@code rate:<name>}
   * @param limit {@code max_concurrent}, {@code rate} or both
   * @return the limit and what is taken of it
   */
  public JsonNode setLimit(String name, JsonNode limit) {
    Payload body = Payload.json(ClientJson.write(limit));
    return transport.send(Call.put(path(limit(name)), body, LIMIT, retry)).body();
  }

  /** Removes a limit, if there is one of the name. */
  public void deleteLimit(String name) {
    transport.send(Call.delete(path(limit(name)), retry));
  }

  private static String limit(String name) {
    return "limits/" + segment(name);
  }

  /**
   * Has the server recompute a run, as far as it has come.
   *
   * @return the replay: {@code result} is MATCH, or DIFFERENCE with the first row that differs
   */
  public JsonNode replay(String runId) {
    ObjectNode body = Json.mapper().createObjectNode().put("run_id", runId);
    Call call = Call.post(path("replays"), body, retry).withTimeout(Duration.ofSeconds(30));
    return transport.send(call).body();
  }

  /** How long the audit keeps what, and what it must not purge. */
  public AuditCalls audit() {
    return new AuditCalls(transport, path("audit/"), retry);
  }

  /** Who outside is told of the namespace's events. */
  public WebhookCalls webhooks() {
    return new WebhookCalls(transport, path("webhooks"), retry);
  }

  /**
   * Has a worker take nothing more; for operators.
   *
   * @param drain false lets it take tasks again
   */
  public JsonNode drainWorker(String workerId, boolean drain) {
    return drain("workers/" + segment(workerId), drain);
  }

  /** Has every worker of a deployment version of a queue take nothing more, or again. */
  public JsonNode drainDeployment(String queue, String version, boolean drain) {
    return drain("queues/" + segment(queue) + "/deployments/" + segment(version), drain);
  }

  private JsonNode drain(String whom, boolean drain) {
    String verb = drain ? "/drain" : "/undrain";
    ObjectNode nothing = Json.mapper().createObjectNode();
    return transport.send(Call.post(path(whom + verb), nothing, retry)).body();
  }

  /** The calls a worker makes. */
  public WorkerCalls worker() {
    return new WorkerCalls(transport, "/v1/namespaces/" + segment(namespace) + "/", retry);
  }

  /**
   * Any resource of the namespace, as the server wrote it.
   *
   * @param resource such as {@code runs/pkt-1/graph}; its segments are sent as they are
   */
  public JsonNode read(String resource, Map<String, String> parameters) {
    String suffix = parameters.isEmpty() ? "" : "?" + query(parameters);
    return transport.send(Call.get(path(resource) + suffix, retry)).body();
  }

  /**
   * A resource outside any namespace.
   *
   * @param resource below {@code /v1}, such as {@code lanes}
   */
  public JsonNode readGlobal(String resource, Map<String, String> parameters) {
    String suffix = parameters.isEmpty() ? "" : "?" + query(parameters);
    return transport.send(Call.get("/v1/" + resource + suffix, retry)).body();
  }

  /**
   * Makes the streams again and has lanes publish their journal anew; for operators of dome itself.
   * {@code GET lanes} shows how far each has come.
   *
   * @param after lane position behind which they are published, 0 for all of it
   * @param lanes which, all of them when empty
   */
  public JsonNode rebuildStreams(long after, List<Integer> lanes) {
    ObjectNode body = Json.mapper().createObjectNode().put("after", after);
    if (!lanes.isEmpty()) {
      body.set("lanes", Json.tree(lanes));
    }
    return transport.send(Call.post("/v1/streams/rebuild", body, retry)).body();
  }

  /** Like {@link #read(String, Map)}, empty where the server knows no such thing. */
  public Optional<JsonNode> readIfPresent(String resource) {
    try {
      return Optional.of(read(resource, Map.of()));
    } catch (DomeException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Copies a resource of any size as the server streams it. An answer that breaks off throws, and
   * leaves what came so far.
   *
   * @param resource such as {@code evidence/<digest>}; its segments are sent as they are
   */
  public void download(String resource, OutputStream to) {
    try {
      transport.copy(path(resource), to);
    } catch (IOException e) {
      throw DomeException.unknown("The answer broke off: " + resource, e);
    }
  }

  /**
   * Copies the audit's records of a run, one JSON object a line, as the server streams them. An
   * answer that breaks off throws, and leaves what came so far.
   *
   * @param from the first log index that is wanted
   * @param before the log index that ends the answer; empty for the log as it is
   * @param end is told before the first byte where the answer ends
   */
  public void auditRecords(
      String runId, long from, OptionalLong before, LongConsumer end, OutputStream to) {
    copyRecords("audit/exports/" + segment(runId) + "?", from, before, end, to);
  }

  /**
   * Like {@link #auditRecords(String, long, OptionalLong, LongConsumer, OutputStream)}, of all that
   * happened in the namespace in a range of time.
   *
   * @param since RFC 3339, inclusive
   * @param until RFC 3339, exclusive
   */
  public void auditRange(
      String since,
      String until,
      long from,
      OptionalLong before,
      LongConsumer end,
      OutputStream to) {
    String range = query(Map.of("since", since, "until", until));
    copyRecords("audit/exports?" + range + "&", from, before, end, to);
  }

  private void copyRecords(
      String export, long from, OptionalLong before, LongConsumer end, OutputStream to) {
    String resource = export + "from=" + from;
    String bounded = before.isEmpty() ? resource : resource + "&before=" + before.getAsLong();
    try {
      transport.copy(path(bounded), headers -> end.accept(logSize(headers)), to);
    } catch (IOException e) {
      throw DomeException.unknown("The answer broke off: " + resource, e);
    }
  }

  private static long logSize(HttpHeaders headers) {
    return headers
        .firstValueAsLong("Audit-Log-Size")
        .orElseThrow(() -> DomeException.unknown("The export does not say how far it goes", null));
  }

  /**
   * A part of the transparency log as it is served, such as {@code checkpoint} or {@code
   * tile/0/000}.
   *
   * @throws DomeException when the log has no such part
   */
  public byte[] log(String part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      transport.copy("/v1/log/" + part, bytes);
    } catch (IOException e) {
      throw DomeException.unknown("The answer broke off: log/" + part, e);
    }
    return bytes.toByteArray();
  }

  private <T> T read(String resource, Class<T> type) {
    return ClientJson.read(read(resource, Map.of()), type);
  }

  /** A command carries a key of its own, so that the transport may repeat it. */
  private RunAck command(String runId, String verb, ObjectNode body) {
    Call call = Call.post(path("runs/" + segment(runId) + "/" + verb), body, retry);
    return transport.send(call.withKey(UUID.randomUUID().toString())).as(RunAck.class);
  }

  private static ObjectNode reasoned(String reasonCode, String comment) {
    ObjectNode body = Json.mapper().createObjectNode();
    if (reasonCode != null) {
      body.put("reason_code", reasonCode);
    }
    if (comment != null) {
      body.put("comment", comment);
    }
    return body;
  }

  private String path(String resource) {
    return "/v1/namespaces/" + segment(namespace) + "/" + resource;
  }

  /** A value as one segment of a path. */
  public static String segment(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String query(Map<String, String> parameters) {
    return new TreeMap<>(parameters)
        .entrySet().stream()
            .map(entry -> segment(entry.getKey()) + "=" + segment(entry.getValue()))
            .collect(Collectors.joining("&"));
  }

  @Override
  public void close() {
    transport.close();
  }
}
