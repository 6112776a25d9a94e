package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The server's part of one scenario. Left alone it is a healthy server with the tasks it was given;
 * faults and directives are what a scenario adds. All state is behind one monitor.
 */
final class Script {
  private final Deque<Task> ready = new ArrayDeque<>();
  private final Map<String, Task> tasks = new HashMap<>();
  private final Map<String, List<Task>> claims = new HashMap<>();
  private final Map<String, Reported> reported = new HashMap<>();
  private final Map<String, Reply> operations = new HashMap<>();
  private final Map<Kind, Deque<Fault>> once = new EnumMap<>(Kind.class);
  private final Map<Kind, Fault> always = new EnumMap<>(Kind.class);
  private final Map<Kind, List<String>> directives = new EnumMap<>(Kind.class);
  private final List<String> violations = new ArrayList<>();
  private String lastClaimId = "";
  private long termMs = 30_000;
  private boolean unknowns;
  private boolean closed;

  /** What was said of an attempt, and what was answered. */
  private record Reported(JsonNode result, ObjectNode answer) {}

  /** How long leases hold from now on. */
  synchronized Script termMs(long ms) {
    termMs = ms;
    return this;
  }

  /** From now on every answer has fields and directives that no contract knows. */
  synchronized void unknowns() {
    unknowns = true;
  }

  synchronized void ready(Task task) {
    tasks.put(task.attemptId(), task);
    ready.add(task);
    notifyAll();
  }

  /** Whether a claim came, which the server may hold. */
  synchronized boolean isAsked() {
    return !lastClaimId.isEmpty();
  }

  /** Grants the task to the claim that waits, whose answer is held until {@link #answerHeld}. */
  synchronized void grantUnseen(Task task) {
    tasks.put(task.attemptId(), task);
    claims.put(lastClaimId, List.of(task));
  }

  synchronized void answerHeld() {
    notifyAll();
  }

  /** The next requests of the kind meet these faults, one each. */
  synchronized void faults(Kind kind, Fault... faults) {
    once.computeIfAbsent(kind, key -> new ArrayDeque<>()).addAll(List.of(faults));
  }

  /** Every request of the kind meets the fault; null ends that. */
  synchronized void always(Kind kind, Fault fault) {
    if (fault == null) {
      always.remove(kind);
    } else {
      always.put(kind, fault);
    }
  }

  /** Every answer of the kind carries the directives; claims that wait are answered at once. */
  synchronized void direct(Kind kind, String... words) {
    directives.put(kind, List.of(words));
    notifyAll();
  }

  /** How many tasks were granted so far. */
  synchronized int granted() {
    return tasks.size() - ready.size();
  }

  /** Whether results of so many tasks were taken. */
  synchronized boolean isReported(int count) {
    return reported.size() >= count;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** What the worker did that no worker may do. */
  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized void violation(String what) {
    violations.add(what);
  }

  synchronized Reply answer(Request request) {
    return switch (faultOf(request.kind()).orElse(null)) {
      case null -> healthy(request);
      case Fault.LostAnswer lost -> {
        healthy(request);
        yield Reply.LOST;
      }
      case Fault.Undecided undecided -> undecided(healthy(request));
      case Fault.Refused refused -> refusal(refused);
    };
  }

  private Optional<Fault> faultOf(Kind kind) {
    Deque<Fault> due = once.get(kind);
    if (due != null && !due.isEmpty()) {
      return Optional.of(due.poll());
    }
    return Optional.ofNullable(always.get(kind));
  }

  private static Reply refusal(Fault.Refused refused) {
    Reply problem = Reply.problem(refused.status(), refused.reasonCode());
    if (refused.retryAfterSeconds() == 0) {
      return problem;
    }
    Map<String, String> headers = new HashMap<>(problem.headers());
    headers.put("Retry-After", Integer.toString(refused.retryAfterSeconds()));
    return new Reply(problem.status(), problem.body(), headers);
  }

  private Reply undecided(Reply decided) {
    String id = "019a2f6e-4c00-7c3a-9a41-%012x".formatted(operations.size() + 1);
    String url = "/v1/namespaces/" + Stage.NAMESPACE + "/operations/" + id;
    operations.put(id, decided);
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("operation_id", id).put("status", "QUEUED").put("operation_url", url);
    return new Reply(202, body, Map.of("Content-Type", "application/json", "Location", url));
  }

  private Reply healthy(Request request) {
    Reply reply =
        switch (request.kind()) {
          case CLAIM -> claim(request.body());
          case HEARTBEAT -> heartbeat(request);
          case RESULT -> result(request.segment(4), request.body());
          case BATCH -> batch(request.body());
          case RELEASE -> release(request);
          case UPLOAD -> upload(request);
          case OPERATION -> operation(request.segment(4));
          case OTHER -> Reply.problem(404, "REQUEST.NOT_FOUND");
        };
    if (unknowns && reply.body() instanceof ObjectNode body) {
      body.put("surprise", true).putObject("from_the_future").putArray("list").add(1);
    }
    return reply;
  }

  /** A claim's name is the claim: whoever repeats it gets the same leases. */
  private Reply claim(JsonNode body) {
    String claimId = body.path("claim_id").asText();
    lastClaimId = claimId;
    awaitWork(claimId, TimeUnit.SECONDS.toMillis(body.path("wait_seconds").asLong()));
    List<Task> granted = claims.getOrDefault(claimId, List.of());
    if (granted.isEmpty()) {
      granted = take(body.path("max_tasks").asInt(1));
      claims.put(claimId, granted);
    }
    return granted.isEmpty() && !told(Kind.CLAIM) ? Reply.NOTHING : Reply.of(200, grants(granted));
  }

  private void awaitWork(String claimId, long waitMs) {
    long startNanos = System.nanoTime();
    try {
      while (!claims.containsKey(claimId) && ready.isEmpty() && !told(Kind.CLAIM) && !closed) {
        long leftMs = waitMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        if (leftMs <= 0) {
          return;
        }
        wait(leftMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean told(Kind kind) {
    return !directives.getOrDefault(kind, List.of()).isEmpty();
  }

  private List<Task> take(int most) {
    List<Task> taken = new ArrayList<>();
    while (taken.size() < most && !ready.isEmpty()) {
      taken.add(ready.poll());
    }
    return taken;
  }

  private ObjectNode grants(List<Task> granted) {
    ObjectNode body = Json.mapper().createObjectNode();
    ArrayNode list = body.putArray("tasks");
    granted.forEach(task -> list.add(grant(task)));
    words(Kind.CLAIM, body);
    return body;
  }

  private void words(Kind kind, ObjectNode body) {
    if (told(kind) || unknowns) {
      ArrayNode words = body.putArray("directives");
      directives.getOrDefault(kind, List.of()).forEach(words::add);
      if (unknowns) {
        words.add("SING").add("dance-2");
      }
    }
  }

  private ObjectNode grant(Task task) {
    ObjectNode grant = Json.mapper().createObjectNode();
    grant.put("run_id", Task.RUN_ID).put("task_id", task.id());
    grant.put("attempt", task.attempt()).put("attempt_id", task.attemptId());
    grant.put("fence", task.fence()).put("lease_expires_at", leaseEnd());
    grant.put("goal", "Show that this worker keeps the protocol");
    grant.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ObjectNode inputs = grant.putObject("inputs");
    inputs.putArray("command");
    inputs.putObject("task_spec").put("intent", "conformance").set("inputs", task.inputs());
    if (unknowns) {
      grant.putObject("weather").put("tomorrow", "rain");
    }
    return grant;
  }

  /** The Date header of an answer has whole seconds, so leases are counted from one. */
  private String leaseEnd() {
    return Timestamps.format(System.currentTimeMillis() / 1000 * 1000 + termMs);
  }

  private Reply heartbeat(Request request) {
    return checked(request.segment(4), request.body())
        .map(task -> lease())
        .orElseGet(() -> Reply.problem(409, "ATTEMPT.FENCED"));
  }

  private Reply lease() {
    ObjectNode body = Json.mapper().createObjectNode().put("lease_expires_at", leaseEnd());
    body.putArray("directives");
    words(Kind.HEARTBEAT, body);
    return Reply.of(200, body);
  }

  private Reply result(String attemptId, JsonNode body) {
    Optional<Task> task = checked(attemptId, body);
    if (task.isEmpty()) {
      return Reply.problem(409, "ATTEMPT.FENCED");
    }
    Reported before = reported.get(attemptId);
    if (before != null && !before.result().equals(body)) {
      violation("the repeat of a result said something else: " + attemptId);
      return Reply.problem(409, "IDEMPOTENCY.CONFLICT");
    }
    if (before == null) {
      checkResult(task.get(), body);
      before = new Reported(body, acknowledged(task.get(), body.path("claim_next")));
      reported.put(attemptId, before);
    }
    return Reply.of(200, before.answer().deepCopy());
  }

  private ObjectNode acknowledged(Task task, JsonNode claimNext) {
    ObjectNode answer = Json.mapper().createObjectNode();
    answer.put("attempt_id", task.attemptId()).put("task_id", task.id());
    answer.put("task_status", "GATED").put("run_status", "RUNNING");
    ArrayNode next = answer.putArray("tasks");
    if (claimNext.isObject()) {
      List<Task> granted = take(claimNext.path("max_tasks").asInt(1));
      claims.put(claimNext.path("claim_id").asText(), granted);
      granted.forEach(other -> next.add(grant(other)));
    }
    answer.putObject("position").put("run_id", Task.RUN_ID).put("sequence", 9);
    return answer;
  }

  private void checkResult(Task task, JsonNode body) {
    if (!body.path("task_id").asText().equals(task.id())) {
      violation("a result of " + task.attemptId() + " named the task " + body.path("task_id"));
    }
    if (body.has("attempt") && body.path("attempt").asInt() != task.attempt()) {
      violation("a result of " + task.attemptId() + " named the attempt " + body.path("attempt"));
    }
  }

  private Reply batch(JsonNode body) {
    ObjectNode answer = Json.mapper().createObjectNode();
    ArrayNode answers = answer.putArray("results");
    for (JsonNode item : body.path("results")) {
      String attemptId = item.path("attempt_id").asText();
      ObjectNode single = item.deepCopy();
      single.remove("attempt_id");
      // What befalls a single result befalls an item of a batch.
      Reply reply =
          faultOf(Kind.RESULT).orElse(null) instanceof Fault.Refused refused
              ? refusal(refused)
              : result(attemptId, single);
      answers
          .addObject()
          .put("attempt_id", attemptId)
          .put("status", reply.status())
          .set(reply.status() < 300 ? "outcome" : "problem", reply.body());
    }
    return Reply.of(200, answer);
  }

  private Reply release(Request request) {
    Optional<Task> task = checked(request.segment(4), request.body());
    if (task.isEmpty()) {
      return Reply.problem(409, "ATTEMPT.FENCED");
    }
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("run_id", Task.RUN_ID).put("namespace", Stage.NAMESPACE).put("status", "RUNNING");
    body.putObject("position").put("run_id", Task.RUN_ID).put("sequence", 9);
    return Reply.of(200, body);
  }

  private static Reply upload(Request request) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("sha256", request.segment(4)).put("media_type", request.header("Content-Type"));
    body.put("bytes", request.content().length()).put("redaction", "NONE");
    body.put("stored_at", Timestamps.format(System.currentTimeMillis()));
    return Reply.of(201, body);
  }

  private Reply operation(String id) {
    Reply decided = operations.get(id);
    if (decided == null) {
      return Reply.problem(404, "OPERATION.NOT_FOUND");
    }
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("operation_id", id).put("status", "DONE");
    body.putObject("outcome").put("status", decided.status()).set("body", decided.body());
    return Reply.of(200, body);
  }

  /** The task whose attempt and fence these are; otherwise the worker mixed them up. */
  private Optional<Task> checked(String attemptId, JsonNode body) {
    Task task = tasks.get(attemptId);
    if (task == null) {
      violation("an attempt was named that nobody was given: " + attemptId);
    } else if (body.path("fence").asLong() != task.fence()) {
      violation(
          "fence of %s expected %d but was %s"
              .formatted(attemptId, task.fence(), body.path("fence")));
      return Optional.empty();
    }
    return Optional.ofNullable(task);
  }
}
