package dev.dome.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.model.Grant;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.PatternRedactor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandWorkerTest {
  @TempDir private Path root;

  @Test
  void statusZeroPassesWithTheOutputAsEvidence() throws Exception {
    Result result = run("printf", "%s", "hello");

    assertThat(result.status()).isEqualTo(ResultStatus.PASS);
    assertThat(result.evidence().path("output").asText()).isEqualTo("hello");
    assertThat(result.evidence().path("exit_code").asInt()).isZero();
  }

  @Test
  void anotherStatusFails() throws Exception {
    Result result = run("false");

    assertThat(result.status()).isEqualTo(ResultStatus.FAIL);
    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("EXEC.NONZERO_EXIT"));
  }

  @Test
  void noShellReadsTheArguments() throws Exception {
    Path bait = root.resolve("bait");
    Result result = run("printf", "%s|", "$(touch " + bait + ")", "*", "; touch " + bait, "$HOME");

    assertThat(output(result)).isEqualTo("$(touch " + bait + ")|*|; touch " + bait + "|$HOME|");
    assertThat(bait).doesNotExist();
  }

  @Test
  void theEnvironmentHoldsNothingElse() throws Exception {
    Result result = run("env");

    assertThat(output(result).lines().map(line -> line.substring(0, line.indexOf('='))))
        .containsExactlyInAnyOrder(
            "PATH",
            "HOME",
            "LANG",
            "TZ",
            "DOME_RUN_ID",
            "DOME_TASK_ID",
            "DOME_ATTEMPT",
            "DOME_RESULT_FILE");
  }

  @Test
  void theDirectoryIsTheAttemptsOwnAndIsRemoved() throws Exception {
    Result result = run("sh", "-c", "pwd; mkdir -p a/b; echo x > a/b/c; ln -s /usr link; ls -A");

    assertThat(output(result).lines().findFirst().orElseThrow())
        .startsWith(root.toRealPath() + "/attempt-");
    try (Stream<Path> left = Files.list(root)) {
      assertThat(left).isEmpty();
    }
    assertThat(Path.of("/usr/bin")).exists();
  }

  @Test
  void aSpentTimeLimitEndsTheWholeTree() throws Exception {
    Path pids = root.resolve("pids");
    ObjectNode inputs = inputs("sh", "-c", "sleep 300 & echo $! >> " + pids + "; sleep 300");
    inputs.put("timeout_seconds", 1);
    Result result = worker(64 * 1024).handle(context(inputs));

    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("EXEC.TIMEOUT"));
    assertGone(pids);
  }

  @Test
  void aProcessThatLeftTheTreeEndsWithItsCommand() throws Exception {
    Path pids = root.resolve("pids");
    long start = System.nanoTime();
    Result result =
        run("sh", "-c", "(setsid sh -c 'echo $$ >> " + pids + "; exec sleep 300' &) ; sleep 0.3");

    assertThat(result.status()).isEqualTo(ResultStatus.PASS);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertGone(pids);
  }

  @Test
  void aCancelledHandlerEndsItsCommand() throws Exception {
    Path pids = root.resolve("pids");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    TaskContext task = context(inputs("sh", "-c", "echo $$ >> " + pids + "; exec sleep 300"));
    Thread handler =
        Thread.ofVirtual()
            .start(() -> {
              try {
                worker(64 * 1024).handle(task);
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    await().until(() -> Files.exists(pids) && !Files.readString(pids).isBlank());
    handler.interrupt();
    handler.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertGone(pids);
  }

  @Test
  void aMissingProgramIsSaidToBeMissing() throws Exception {
    Result result = run("no-such-program-anywhere");

    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("EXEC.NOT_STARTED"));
  }

  @Test
  void outputIsCutInTheMiddle() throws Exception {
    Result result = worker(1_000).handle(context(inputs("seq", "1", "100000")));

    assertThat(output(result)).startsWith("1\n2\n").endsWith("100000\n").contains("bytes cut]");
    assertThat(output(result)).hasSizeLessThan(1_100);
    assertThat(result.evidence().path("output_cut").asBoolean()).isTrue();
    assertThat(result.evidence().path("output_bytes").asLong()).isEqualTo(588_895);
  }

  @Test
  void outputIsRedactedAndFreeOfTerminalSequences() throws Exception {
    Result result = run("printf", "\\033[31mtoken=s3cr3t-value-1\\033[0m\\007\\n");

    assertThat(output(result)).doesNotContain("s3cr3t").doesNotContain("\u001B");
  }

  @Test
  void theResultFileAddsHints() throws Exception {
    Result result =
        run(
            "sh",
            "-c",
            "echo '{\"risk_score_hint\":72,\"notes\":\"new crypto\"}' > $DOME_RESULT_FILE");

    assertThat(result.status()).isEqualTo(ResultStatus.PASS);
    assertThat(result.riskScoreHint()).isEqualTo(72);
    assertThat(result.notes()).isEqualTo("new crypto");
  }

  @Test
  void theResultFileMayCallAFailureTransient() throws Exception {
    String file =
        "{\"reason_code\":\"TRANSIENT.UNAVAILABLE\",\"transient\":true,\"retry_after_ms\":250}";
    Result result = run("sh", "-c", "echo '" + file + "' > $DOME_RESULT_FILE; exit 75");

    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("TRANSIENT.UNAVAILABLE"));
    assertThat(result.isTransient()).isTrue();
    assertThat(result.retryAfterMs()).isEqualTo(250);
  }

  @Test
  void aBadResultFileFailsTheAttempt() throws Exception {
    List<String> bad =
        List.of(
            "no json",
            "null",
            "[]",
            "{\"status\":\"PASS\"}",
            "{\"risk_score_hint\":101}",
            "{\"reason_code\":\"NOT.IN_CATALOG\"}",
            "{\"retry_after_ms\":-1}");
    for (String content : bad) {
      Result result = run("sh", "-c", "printf '%s' '" + content + "' > $DOME_RESULT_FILE");

      assertThat(result.reasonCode()).as(content).isEqualTo(new ReasonCode("EXEC.BAD_RESULT_FILE"));
    }
  }

  @Test
  void aResultFileThatLeadsElsewhereIsNotFollowed() throws Exception {
    Result result = run("sh", "-c", "ln -s /etc/hostname $DOME_RESULT_FILE");

    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("EXEC.BAD_RESULT_FILE"));
  }

  @Test
  void aTaskWithoutACommandPassesWithANote() throws Exception {
    Result result = worker(1_000).handle(context(Json.mapper().createObjectNode()));

    assertThat(result.status()).isEqualTo(ResultStatus.PASS);
    assertThat(result.notes()).contains("no command");
  }

  private Result run(String... command) throws Exception {
    return worker(64 * 1024).handle(context(inputs(command)));
  }

  private CommandWorker worker(int outputBytes) {
    return new CommandWorker(
        root,
        PatternRedactor.standard(),
        new CommandWorker.Limits(Duration.ofSeconds(60), outputBytes));
  }

  private static String output(Result result) {
    return result.evidence().path("output").asText();
  }

  private static ObjectNode inputs(String... command) {
    ObjectNode inputs = Json.mapper().createObjectNode();
    ArrayNode words = inputs.putArray("command");
    Stream.of(command).forEach(words::add);
    return inputs;
  }

  private static TaskContext context(JsonNode inputs) {
    return new TaskContext(
        new Grant("pkt-1", "t-1", 1, "att-1", 1, null, null, "goal", inputs, null));
  }

  private static void assertGone(Path pids) throws Exception {
    List<Long> started = Files.readAllLines(pids).stream().map(Long::parseLong).toList();
    assertThat(started).isNotEmpty();
    await()
        .untilAsserted(() ->
            assertThat(started)
                .allMatch(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()));
  }
}
