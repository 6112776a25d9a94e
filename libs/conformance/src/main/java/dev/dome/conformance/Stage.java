package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** One scenario being played: the script, its server, the worker, and what is expected of it. */
final class Stage implements AutoCloseable {
  static final String NAMESPACE = "conformance";
  static final String QUEUE = "interop";

  /** For anything that must happen, on however slow a machine. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int SHOWN_REQUESTS = 20;

  private final Script script = new Script();
  private final String token = newToken();
  private final ScriptedServer server;
  private final WorkerProgram program;
  private WorkerProcess worker;
  private int concurrency = 1;

  Stage(WorkerProgram program, Contract contract) {
    this.program = program;
    this.server = new ScriptedServer(contract, script, token);
  }

  private static String newToken() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return "conformance." + HexFormat.of().formatHex(random);
  }

  /** One result, whichever form it came in; the body is that of the single form. */
  record SeenResult(String attemptId, JsonNode body, long arrivedNanos) {}

  Script script() {
    return script;
  }

  String token() {
    return token;
  }

  /** How many tasks the worker works at once; one unless it is said. */
  void concurrency(int count) {
    concurrency = count;
  }

  /** Starts the worker with the tasks, to be granted in this order. */
  void start(Task... tasks) {
    for (Task task : tasks) {
      script.ready(task);
    }
    worker =
        WorkerProcess.start(
            program,
            Map.of(
                "DOME_URL", server.url(),
                "DOME_NAMESPACE", NAMESPACE,
                "DOME_TOKEN", token,
                "DOME_QUEUE", QUEUE,
                "DOME_CONCURRENCY", Integer.toString(concurrency)));
  }

  void terminate() {
    worker.terminate();
  }

  List<Request> requests(Kind kind) {
    return server.requests().stream().filter(request -> request.kind() == kind).toList();
  }

  /** Requests of a kind about an attempt. */
  List<Request> requests(Kind kind, Task task) {
    return requests(kind).stream()
        .filter(request -> request.segment(4).equals(task.attemptId()))
        .toList();
  }

  List<SeenResult> results(Task task) {
    List<SeenResult> seen = new ArrayList<>();
    for (Request request : server.requests()) {
      switch (request.kind()) {
        case RESULT ->
            seen.add(new SeenResult(request.segment(4), request.body(), request.arrivedNanos()));
        case BATCH ->
            request.body().path("results").forEach(item -> seen.add(single(item, request)));
        case CLAIM, HEARTBEAT, RELEASE, UPLOAD, OPERATION, OTHER -> {}
      }
    }
    return seen.stream().filter(result -> result.attemptId().equals(task.attemptId())).toList();
  }

  private static SeenResult single(JsonNode item, Request request) {
    ObjectNode body = item.deepCopy();
    String attemptId = body.remove("attempt_id").asText();
    return new SeenResult(attemptId, body, request.arrivedNanos());
  }

  /** Waits for the first result about the task. */
  SeenResult resultOf(Task task) {
    await("a result of task " + task.number(), () -> !results(task).isEmpty());
    return results(task).getFirst();
  }

  /** Waits until the condition holds; the worker must be alive meanwhile. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new BrokenRuleException("expected " + what + " but it did not come");
      }
      if (!worker.isAlive() && !condition.getAsBoolean()) {
        throw new BrokenRuleException("expected " + what + " but the worker had ended");
      }
      pause(20);
    }
  }

  /** Waits until the condition holds, or the time is over. */
  void giveTime(Duration time, BooleanSupplier condition) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      pause(20);
    }
  }

  /** Watches for a while that something stays as it is. */
  void watch(Duration time, String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < deadline) {
      expect(holds.getAsBoolean(), what);
      pause(20);
    }
  }

  void expect(boolean condition, String what) {
    if (!condition) {
      throw new BrokenRuleException("expected " + what + " but it was not so");
    }
  }

  <T> void expectEqual(T expected, T actual, String what) {
    if (!expected.equals(actual)) {
      throw new BrokenRuleException("%s expected %s but was %s".formatted(what, expected, actual));
    }
  }

  /** The worker must end of itself, with status 0. */
  void expectExit() {
    expectEqual(OptionalInt.of(0), exitCode(), "exit status");
  }

  boolean isWorking() {
    return worker.isAlive();
  }

  /** The worker must have ended of itself, with another status than 0. */
  void expectFailureExit() {
    expect(exitCode().orElse(0) != 0, "an exit status that says that it failed");
  }

  private OptionalInt exitCode() {
    try {
      return worker.exitCode(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  static long msBetween(Request first, Request second) {
    return TimeUnit.NANOSECONDS.toMillis(second.arrivedNanos() - first.arrivedNanos());
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokenRuleException("the suite was interrupted");
    }
  }

  /** Everything the worker wrote, once it is gone. */
  String output() {
    return worker == null ? "" : worker.output();
  }

  /** The last requests, each with when it came after the first. */
  String asked() {
    List<Request> all = server.requests();
    return all.stream()
        .skip(Math.max(0, all.size() - SHOWN_REQUESTS))
        .map(request -> request.kind() + " at " + msBetween(all.getFirst(), request) + " ms")
        .collect(Collectors.joining(", "));
  }

  /** Ends the worker. */
  void end() {
    if (worker != null) {
      worker.close();
    }
  }

  @Override
  public void close() {
    end();
    server.close();
  }
}
