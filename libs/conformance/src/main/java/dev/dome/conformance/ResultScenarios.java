package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.conformance.Stage.SeenResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** What is said of an attempt, and how it is made sure that it was heard. */
final class ResultScenarios {
  private static final int MANY = 40;

  private ResultScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "result-repeated-until-answered",
            "A result whose answer was lost, or that met 503, is repeated word by word.",
            ResultScenarios::lostAnswer),
        new Scenario(
            "result-accepted-is-delivered",
            "A result that was answered 202 is durable: the worker goes on with the next task.",
            ResultScenarios::accepted),
        new Scenario(
            "result-refused-is-dropped",
            "A result that was refused (409, 422) is not repeated, and the worker goes on.",
            ResultScenarios::refused),
        new Scenario(
            "many-at-once",
            "With several tasks at once each is reported, alone or in a batch, whatever is lost or"
                + " refused, and each in the same words.",
            ResultScenarios::manyAtOnce),
        new Scenario(
            "failure-transient",
            "A transient failure says so, with its reason code and retry_after_ms.",
            ResultScenarios::failsTransiently),
        new Scenario(
            "failure-permanent",
            "A permanent failure says that another attempt would not help.",
            ResultScenarios::failsForGood),
        new Scenario(
            "handler-crash-is-a-failure",
            "An exception of a handler is reported as EXEC.HANDLER_FAILED without its message, and"
                + " the worker goes on.",
            ResultScenarios::crashes),
        new Scenario(
            "evidence-by-digest",
            "Output is uploaded under its SHA-256, again when the answer was lost, before the"
                + " result names the digest.",
            ResultScenarios::evidence));
  }

  private static void lostAnswer(Stage stage) {
    Task first = Task.echo(1);
    stage
        .script()
        .faults(Kind.RESULT, new Fault.LostAnswer(), new Fault.Refused(503, "INFRA.OVERLOADED", 0));
    stage.start(first);
    stage.await("the result three times", () -> stage.results(first).size() >= 3);
    stage.script().ready(Task.echo(2));
    stage.resultOf(Task.echo(2));
    Set<JsonNode> said = new HashSet<>();
    stage.results(first).forEach(result -> said.add(result.body()));
    stage.expectEqual(1, said.size(), "different bodies of one result");
    stage.expectEqual(3, stage.results(first).size(), "tries of the first result");
  }

  private static void accepted(Stage stage) {
    Task first = Task.echo(1);
    Task second = Task.echo(2);
    stage.script().faults(Kind.RESULT, new Fault.Undecided());
    stage.start(first);
    stage.resultOf(first);
    stage.script().ready(second);
    stage.resultOf(second);
    stage.expect(stage.results(first).size() <= 2, "at most one repeat of a result of 202");
  }

  private static void refused(Stage stage) {
    Task first = Task.echo(1);
    Task second = Task.echo(2);
    Task third = Task.echo(3);
    stage
        .script()
        .faults(
            Kind.RESULT,
            new Fault.Refused(409, "ATTEMPT.FENCED", 0),
            new Fault.Refused(422, "SCHEMA.VIOLATION", 0));
    stage.start(first, second, third);
    stage.resultOf(third);
    stage.watch(
        Duration.ofSeconds(1),
        "no repeat of a refused result",
        () -> stage.results(first).size() == 1 && stage.results(second).size() == 1);
  }

  private static void manyAtOnce(Stage stage) {
    Task[] tasks = IntStream.rangeClosed(1, MANY).mapToObj(Task::echo).toArray(Task[]::new);
    Fault overloaded = new Fault.Refused(503, "INFRA.OVERLOADED", 0);
    stage.concurrency(MANY / 2);
    stage.script().faults(Kind.RESULT, new Fault.LostAnswer(), overloaded, overloaded);
    stage.script().faults(Kind.BATCH, new Fault.LostAnswer(), overloaded);
    stage.start(tasks);
    stage.await(
        "a result of each of %d tasks".formatted(MANY), () -> stage.script().isReported(MANY));
    for (Task task : tasks) {
      Set<JsonNode> said = new HashSet<>();
      stage.results(task).forEach(result -> said.add(result.body()));
      stage.expectEqual(1, said.size(), "different bodies of the result of " + task.id());
    }
  }

  private static void failsTransiently(Stage stage) {
    Task task = Task.of(1, "fail_transient");
    task.inputs().put("retry_after_ms", 2_500);
    stage.start(task);
    JsonNode body = stage.resultOf(task).body();
    stage.expectEqual("FAIL", body.path("status").asText(), "status");
    stage.expect(body.path("transient").asBoolean(false), "transient true");
    stage.expectEqual("TRANSIENT.UNAVAILABLE", body.path("reason_code").asText(), "reason_code");
    stage.expectEqual(2_500L, body.path("retry_after_ms").asLong(), "retry_after_ms");
  }

  private static void failsForGood(Stage stage) {
    Task task = Task.of(1, "fail_permanent");
    stage.start(task);
    JsonNode body = stage.resultOf(task).body();
    stage.expectEqual("FAIL", body.path("status").asText(), "status");
    stage.expect(!body.path("transient").asBoolean(true), "transient false");
    stage.expectEqual("VERIFY.TEST_FAILURE", body.path("reason_code").asText(), "reason_code");
  }

  private static void crashes(Stage stage) {
    Task crash = Task.of(1, "crash").with("text", "password=hunter2");
    Task next = Task.echo(2);
    stage.start(crash, next);
    JsonNode body = stage.resultOf(crash).body();
    stage.expectEqual("FAIL", body.path("status").asText(), "status");
    stage.expectEqual("EXEC.HANDLER_FAILED", body.path("reason_code").asText(), "reason_code");
    stage.expect(!body.path("transient").asBoolean(false), "a crash that is not transient");
    stage.expect(!body.toString().contains("hunter2"), "no message of the exception");
    stage.resultOf(next);
    stage.end();
    stage.expect(!stage.output().contains("hunter2"), "no message of the exception in the output");
  }

  private static void evidence(Stage stage) {
    String text = "what the task wrote: äöü ✓\n".repeat(3_000);
    Task task = Task.of(1, "evidence").with("text", text);
    stage.script().faults(Kind.UPLOAD, new Fault.LostAnswer());
    stage.start(task);
    SeenResult result = stage.resultOf(task);
    String digest = sha256(text.getBytes(StandardCharsets.UTF_8));
    List<Request> uploads = stage.requests(Kind.UPLOAD);
    stage.expect(uploads.size() >= 2, "a repeat of the upload whose answer was lost");
    for (Request upload : uploads) {
      stage.expectEqual(digest, upload.segment(4), "digest of the upload");
      stage.expectEqual(
          digest,
          sha256(upload.content().getBytes(StandardCharsets.ISO_8859_1)),
          "digest of what was uploaded");
      stage.expect(upload.header("Content-Type").startsWith("text/plain"), "text/plain");
      stage.expect(
          upload.arrivedNanos() < result.arrivedNanos(),
          "uploads before the result that names them");
    }
    List<String> named = result.body().path("evidence").findValuesAsText("sha256");
    stage.expectEqual(List.of(digest), named, "digests that the result names");
    stage.expect(!result.body().toString().contains("wrote: "), "a result without the content");
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
