package dev.dome.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.RetryPolicy;
import dev.dome.client.TaskContext;
import dev.dome.client.model.Grant;
import dev.dome.client.model.StoredEvidence;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.PatternRedactor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandWorkerTest {
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @TempDir private Path root;

  /** Keeps what a worker stores, by digest. */
  private final Map<String, String> stored = new ConcurrentHashMap<>();

  @Test
  void statusZeroPassesWithTheOutputAsEvidence() throws Exception {
    Result result = run("printf", "%s", "hello");

    assertThat(result.status()).isEqualTo(ResultStatus.PASS);
    assertThat(output(result)).isEqualTo("hello");
    assertThat(result.evidence().path("signals").path("exit_status").asInt()).isZero();
    assertThat(
            SchemaCatalog.standard()
                .validate(SchemaNames.EVIDENCE_BUNDLE_TELEMETRY, result.evidence()))
        .isEmpty();
  }

  @Test
  void theTraceOfTheEvidenceIsTheGrants() throws Exception {
    Result result = run("true");

    JsonNode otel = result.evidence().path("otel");
    assertThat(otel.path("trace_id_hex").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(otel.path("span_id_hex").asText()).isEqualTo("00f067aa0ba902b7");
  }

  @Test
  void aSilentCommandStoresNothing() throws Exception {
    Result result = run("true");

    assertThat(stored).isEmpty();
    assertThat(result.evidence().path("artifacts")).isEmpty();
  }

  @Test
  void outputThatCannotBeStoredChangesNoVerdict() throws Exception {
    DomeClient away =
        DomeClient.of(
            URI.create("http://127.0.0.1:1"),
            "demo",
            () -> null,
            RetryPolicy.DEFAULT.within(Duration.ofMillis(50)));
    CommandWorker worker =
        new CommandWorker(root, PatternRedactor.standard(), away.evidence(), limits(64 * 1024));
    Result result = worker.handle(context(inputs("printf", "hello")));

    assertThat(result.status()).isEqualTo(ResultStatus.PASS);
    assertThat(result.evidence().path("artifacts")).isEmpty();
    assertThat(result.evidence().path("signals").path("output_stored").asBoolean(true)).isFalse();
  }

  @Test
  void spentCpuTimeEndsTheWholeTree() throws Exception {
    Path pids = root.resolve("pids");
    String loop = "while :; do :; done";
    CommandWorker worker =
        new CommandWorker(
            root,
            PatternRedactor.standard(),
            this::store,
            new CommandWorker.Limits(Duration.ofMinutes(2), Duration.ofMillis(300), 1_000));
    Result result =
        worker.handle(
            context(inputs("sh", "-c", "sh -c '" + loop + "' & echo $! >> " + pids + "; wait")));

    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("EXEC.CPU_LIMIT"));
    assertGone(pids);
  }

  @Test
  void aChangeOutsideTheAllowedPathsFailsWhateverTheCommandSays() throws Exception {
    ObjectNode inputs = inputs("sh", "-c", "mkdir src; echo x > src/a; echo x > b; ln -s /etc c");
    inputs.putObject("constraints").putArray("allowed_paths").add("src");
    Result result = worker(64 * 1024).handle(context(inputs));

    assertThat(result.status()).isEqualTo(ResultStatus.FAIL);
    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("EXEC.FORBIDDEN_PATH"));
    assertThat(result.isTransient()).isFalse();
    assertThat(result.notes()).contains("b, c").doesNotContain("src/a");
    assertThat(result.evidence().path("signals").path("forbidden_paths").asInt()).isEqualTo(2);
  }

  @Test
  void aLinkThatLeadsOutIsNotAllowedWhereverItLies() throws Exception {
    ObjectNode inputs =
        inputs(
            "sh",
            "-c",
            "mkdir src; cd src; echo x > a; ln -s a in; ln -s none in2; ln -s /etc out;"
                + " ln -s ../../gone out2; ln -s out/passwd out3");
    inputs.putObject("constraints").putArray("allowed_paths").add("src");
    Result result = worker(64 * 1024).handle(context(inputs));

    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("EXEC.FORBIDDEN_PATH"));
    assertThat(result.notes())
        .isEqualTo("3 paths outside those it may change: src/out, src/out2, src/out3");
  }

  @Test
  void aNameOfAnyKindIsJudgedAndReportedAsOneLine() throws Exception {
    ObjectNode inputs =
        inputs("sh", "-c", "mkdir src; : > 'src\\a'; : > \"$(printf 'x\\ny')\"; : > src/ok");
    inputs.putObject("constraints").putArray("allowed_paths").add("src");
    Result result = worker(64 * 1024).handle(context(inputs));

    assertThat(result.reasonCode()).isEqualTo(new ReasonCode("EXEC.FORBIDDEN_PATH"));
    assertThat(result.notes()).startsWith("2 paths").contains("src\\a", "x?y").doesNotContain("\n");
  }

  @Test
  void homeAndResultFileAreNotTheWorkingDirectory() throws Exception {
    ObjectNode inputs =
        inputs("sh", "-c", "echo x > $HOME/.cache; echo '{\"notes\":\"n\"}' > $DOME_RESULT_FILE");
    inputs.putObject("constraints").putArray("allowed_paths").add("src");
    Result result = worker(64 * 1024).handle(context(inputs));

    assertThat(result.status()).isEqualTo(ResultStatus.PASS);
    assertThat(result.notes()).isEqualTo("n");
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
    assertThat(result.evidence().path("signals").path("output_cut").asBoolean()).isTrue();
    assertThat(result.evidence().path("signals").path("output_bytes").asLong()).isEqualTo(588_895);
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
    return new CommandWorker(root, PatternRedactor.standard(), this::store, limits(outputBytes));
  }

  private static CommandWorker.Limits limits(int outputBytes) {
    return new CommandWorker.Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), outputBytes);
  }

  private StoredEvidence store(byte[] content, String mediaType) {
    String digest = CanonicalJson.sha256(TextNode.valueOf(new String(content, UTF_8)));
    stored.put(digest, new String(content, UTF_8));
    return new StoredEvidence(digest, content.length, mediaType, "CHECKED", null);
  }

  private String output(Result result) {
    JsonNode artifact = result.evidence().path("artifacts").path(0);
    assertThat(artifact.path("path").asText()).isEqualTo("output.txt");
    return stored.get(artifact.path("sha256").asText());
  }

  private static ObjectNode inputs(String... command) {
    ObjectNode inputs = Json.mapper().createObjectNode();
    ArrayNode words = inputs.putArray("command");
    Stream.of(command).forEach(words::add);
    return inputs;
  }

  private static TaskContext context(JsonNode inputs) {
    return new TaskContext(
        new Grant("pkt-1", "t-1", 1, "att-1", 1, null, null, "goal", inputs, TRACE));
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
