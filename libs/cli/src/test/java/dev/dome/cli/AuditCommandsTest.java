package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.cli.audit.GoldenRun;
import dev.dome.contracts.Json;
import dev.dome.devstack.DevKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit's commands against a server that knows one golden run. */
final class AuditCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final AtomicInteger rowsNotRecordedYet = new AtomicInteger();
  private final AtomicInteger manifestNotMadeYet = new AtomicInteger();
  private final AtomicBoolean replayDiffers = new AtomicBoolean();
  private final List<String> queries = new ArrayList<>();
  @TempDir private Path directory;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    DevKeys.in(directory.resolve("keys"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void anExportIsABagThatHoldsAndOneFlippedBitIsNamed() throws IOException {
    Path bag = directory.resolve("bag");

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString())).isZero();
    assertThat(out.toString()).contains("PROMOTED");
    assertThat(execute("audit", "verify", bag.toString())).isZero();

    Path records = bag.resolve("data/records.jsonl");
    byte[] content = Files.readAllBytes(records);
    content[100] ^= 1;
    Files.write(records, content);
    assertThat(execute("audit", "verify", bag.toString())).isEqualTo(ExitCode.FAILED.number());
    assertThat(err.toString())
        .contains("data/records.jsonl has another digest than manifest-sha256.txt names")
        .doesNotContain("Exception");
  }

  @Test
  void anAuditThatIsBehindIsWaitedFor() throws IOException {
    rowsNotRecordedYet.set(3);

    assertThat(
            onServer(
                "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/bag", "--wait", "20"))
        .isZero();

    assertThat(rowsNotRecordedYet).hasValue(0);
  }

  @Test
  void anAuditThatStaysBehindLeavesNothing() throws IOException {
    rowsNotRecordedYet.set(Integer.MAX_VALUE);

    assertThat(
            onServer(
                "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/bag", "--wait", "0"))
        .isEqualTo(ExitCode.TIMEOUT.number());

    assertThat(err.toString()).contains("the audit has recorded");
    assertThat(directory.resolve("bag")).doesNotExist();
  }

  @Test
  void aCheckIsHeldToWhatWasKeptAndSaysWhatNothingProtects() throws IOException {
    Path bag = directory.resolve("bag");
    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString(), "-o", "json"))
        .isZero();
    JsonNode exported = Json.read(out.toString().getBytes(StandardCharsets.UTF_8), JsonNode.class);

    assertThat(execute("audit", "verify", bag.toString())).isZero();
    assertThat(err.toString()).contains("not signed: ", "access records", "late reports");
    for (String pin : List.of("head_hash", "manifest_sha256", "bag_sha256")) {
      String option = "--" + pin.replace('_', '-');
      String kept = exported.path(pin).asText();
      assertThat(execute("audit", "verify", bag.toString(), option, kept)).as(pin).isZero();
      assertThat(execute("audit", "verify", bag.toString(), option, "0".repeat(64)))
          .as(pin)
          .isEqualTo(ExitCode.FAILED.number());
      assertThat(execute("audit", "verify", bag.toString(), option, "nonsense"))
          .as(pin)
          .isEqualTo(ExitCode.USAGE.number());
    }
  }

  @Test
  void theManifestOfARunThatEndedIsWaitedFor() throws IOException {
    manifestNotMadeYet.set(2);
    Path bag = directory.resolve("bag");

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString())).isZero();

    assertThat(bag.resolve("data/manifest.json")).exists();
    assertThat(err.toString())
        .containsOnlyOnce("waiting for the manifest of " + GoldenRun.RUN_ID + " (0 of 30 s)");
    assertThat(execute("audit", "verify", bag.toString())).isZero();
  }

  @Test
  void aManifestThatIsNotMadeInTimeIsSaidToBeMissingAndNothingIsWritten() {
    manifestNotMadeYet.set(Integer.MAX_VALUE);

    assertThat(
            onServer(
                "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/bag", "--wait", "0"))
        .isEqualTo(ExitCode.TIMEOUT.number());

    assertThat(err.toString())
        .contains("provenance has made no manifest", "--without-manifest")
        .doesNotContain("Exception");
    assertThat(directory.resolve("bag")).doesNotExist();
  }

  @Test
  void theManifestCanBeLeftOut() {
    manifestNotMadeYet.set(Integer.MAX_VALUE);
    Path bag = directory.resolve("bag");

    assertThat(
            onServer(
                "audit",
                "export",
                GoldenRun.RUN_ID,
                "--to",
                bag.toString(),
                "--without-manifest",
                "-o",
                "json"))
        .isZero();

    assertThat(bag.resolve("data/manifest.json")).doesNotExist();
    assertThat(out.toString()).contains("\"manifest\" : false");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aRunWhoseReplayDiffersIsNotWaitedFor() {
    replayDiffers.set(true);

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", directory + "/bag"))
        .isEqualTo(ExitCode.DIFFERENCE.number());

    assertThat(err.toString()).contains("its inputs do not make what was recorded");
    assertThat(directory.resolve("bag")).doesNotExist();
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenOver() throws IOException {
    Path bag = Files.createDirectory(directory.resolve("bag"));

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString()))
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(bag).isEmptyDirectory();
    assertThat(onServer("audit", "export", "../x")).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void recordsAreListedByFilter() throws IOException {
    assertThat(onServer("audit", "query", "--kind", "access", "--actor", "ada")).isZero();

    assertThat(queries.getLast()).contains("kind=ACCESS", "actor=ada", "page_size=50");
    assertThat(out.toString()).contains("INDEX", "task.claimed", "ALLOW");
  }

  private int onServer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--dir",
            directory.toString(),
            "-n",
            GoldenRun.NAMESPACE,
            "--server",
            "http://127.0.0.1:" + server.getAddress().getPort()));
    return execute(all.toArray(String[]::new));
  }

  private int execute(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.endsWith("/ledger")) {
      send(exchange, 200, Json.write(Map.of("items", GoldenRun.ledger())));
    } else if (path.endsWith("/audit/exports/" + GoldenRun.RUN_ID)) {
      send(exchange, 200, GoldenRun.lines(recorded()));
    } else if (path.endsWith("/audit/records")) {
      queries.add(exchange.getRequestURI().getQuery());
      send(exchange, 200, Json.write(Map.of("items", GoldenRun.records())));
    } else if (path.endsWith("/late-reports")) {
      send(exchange, 200, Json.write(Map.of("items", List.of(GoldenRun.lateReport()))));
    } else if (path.endsWith("/manifest")) {
      manifest(exchange);
    } else {
      send(exchange, 404, "{\"title\":\"no\",\"status\":404}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private void manifest(HttpExchange exchange) throws IOException {
    if (replayDiffers.get()) {
      send(exchange, 409, problem(409, "PROVENANCE.REPLAY_DIFFERS"));
    } else if (manifestNotMadeYet.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      send(exchange, 404, problem(404, "PROVENANCE.MANIFEST_PENDING"));
    } else {
      send(exchange, 200, Json.write(GoldenRun.manifest()));
    }
  }

  private static byte[] problem(int status, String reasonCode) {
    return Json.write(Map.of("title", "no", "status", status, "reason_code", reasonCode));
  }

  /** One row more at every look. */
  private List<ObjectNode> recorded() throws IOException {
    int missing = rowsNotRecordedYet.getAndUpdate(n -> Math.max(0, n - 1));
    List<ObjectNode> records = GoldenRun.records();
    return records.subList(0, Math.max(1, records.size() - missing));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
