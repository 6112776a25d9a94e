package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.cli.audit.GoldenRun;
import dev.dome.contracts.Json;
import dev.dome.devstack.DevKeys;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerifier;
import java.io.ByteArrayInputStream;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One golden run on a server and in an export: both hold, and what is planted in them is found. */
final class AdminVerifyTest {
  private static final String IN_THE_CONTRACT = "Payments time out";
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private List<ObjectNode> records;
  private final List<ObjectNode> operations = new ArrayList<>();
  private final List<ObjectNode> tombstones = new ArrayList<>();
  @TempDir private Path directory;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    records = GoldenRun.records();
    DevKeys.in(directory.resolve("keys"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private JsonNode line(int invariant) {
    return Json.read(out.toString().getBytes(StandardCharsets.UTF_8), JsonNode.class)
        .get(invariant - 1);
  }

  private String verdict(int invariant) {
    return line(invariant).path("verdict").asText();
  }

  @Test
  void whatTheApiShowsHoldsAndWhatItCannotShowIsSaidToBeUnseen() {
    assertThat(onServer("admin", "verify", "-o", "json")).as(err.toString()).isZero();

    assertThat(List.of(2, 3, 4, 6, 8, 10, 12, 13)).allMatch(n -> verdict(n).equals("HOLDS"));
    assertThat(List.of(5, 7, 14, 16)).allMatch(n -> verdict(n).equals("NOT_SEEN"));
    assertThat(line(16).path("note").asText()).contains("--answers");
  }

  @Test
  void anAuditThatTellsOtherwiseIsFoundWithItsRun() {
    ((ObjectNode) records.get(3).at("/journal/envelope/payload")).put("attempt", 7);

    assertThat(onServer("admin", "verify", "-o", "json")).isEqualTo(ExitCode.FAILED.number());

    assertThat(verdict(10)).isEqualTo("BROKEN");
    assertThat(line(10).at("/found/0/subject").asText())
        .isEqualTo(GoldenRun.NAMESPACE + "/" + GoldenRun.RUN_ID);
    assertThat(line(10).at("/found/0/detail").asText()).contains("the audit", "differs");
  }

  @Test
  void anAcceptedOperationThatLeftNoRowIsFound() {
    ObjectNode lost = Json.mapper().createObjectNode();
    lost.put("operation_id", "op-lost").put("kind", "CANCEL_RUN").put("principal", "alice");
    lost.put("run_id", GoldenRun.RUN_ID).put("status", 200).put("answer_sha256", "a");
    lost.put("sequence", 2).put("at", "2026-11-18T11:06:40.000Z");
    operations.add(lost);

    assertThat(onServer("admin", "verify", "-o", "json")).isEqualTo(ExitCode.FAILED.number());

    assertThat(verdict(1)).isEqualTo("BROKEN");
    assertThat(err.toString()).contains("invariant 1 broken", "op-lost");
  }

  @Test
  void aPlantedSecretIsFoundInTheJournalTheAuditAndALog() throws IOException {
    Path secrets = Files.writeString(directory.resolve("planted"), IN_THE_CONTRACT + "\n");
    Path logs = Files.createDirectories(directory.resolve("logs/ingest"));
    Files.writeString(logs.resolve("ingest.log"), "x".repeat(70_000) + IN_THE_CONTRACT);

    assertThat(
            onServer(
                "admin",
                "verify",
                "-o",
                "json",
                "--planted",
                secrets.toString(),
                "--logs",
                directory.resolve("logs").toString()))
        .isEqualTo(ExitCode.FAILED.number());

    assertThat(line(14).path("found").findValuesAsText("subject"))
        .anyMatch(place -> place.contains("row 1"))
        .anyMatch(place -> place.contains("audit record"))
        .anyMatch(place -> place.contains("late report"))
        .anyMatch(place -> place.contains("ingest.log"));
    assertThat(err.toString()).doesNotContain(IN_THE_CONTRACT);
  }

  @Test
  void anExportHoldsAsFarAsItCanBeSeen() {
    Path bag = exported();

    assertThat(execute("admin", "verify", "-o", "json", "--export", bag.toString())).isZero();

    assertThat(List.of(2, 3, 4, 6, 8, 10, 12, 13, 15)).allMatch(n -> verdict(n).equals("HOLDS"));
    assertThat(List.of(1, 5, 7, 14, 16)).allMatch(n -> verdict(n).equals("NOT_SEEN"));
  }

  @Test
  void aTamperedExportIsFoundAmongOthers() throws IOException {
    Path records = exported().resolve("data/records.jsonl");
    byte[] content = Files.readAllBytes(records);
    content[100] ^= 1;
    Files.write(records, content);

    assertThat(
            execute(
                "admin", "verify", "-o", "json", "--export", directory.resolve("bags").toString()))
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(line(12).at("/found/0/detail").asText()).contains("data/records.jsonl");
  }

  @Test
  void answersAndPlantedSecretsAreHeldAgainstAnExport() throws IOException {
    Path bag = exported();
    Path secrets = Files.writeString(directory.resolve("planted"), IN_THE_CONTRACT + "\n");
    Path answers =
        Files.writeString(
            directory.resolve("answers.jsonl"),
            """
            {"at":"2026-11-18T11:06:40.000Z","namespace":"%1$s","principal":"alice",\
            "method":"POST","path":"/v1/namespaces/%1$s/runs/%2$s/cancel","body_sha256":"b",\
            "status":200,"operation_id":"op-lost","run_id":"%2$s","answer_sha256":"a"}
            """
                .formatted(GoldenRun.NAMESPACE, GoldenRun.RUN_ID));

    assertThat(
            execute(
                "admin",
                "verify",
                "-o",
                "json",
                "--export",
                bag.toString(),
                "--answers",
                answers.toString(),
                "--planted",
                secrets.toString(),
                "-n",
                GoldenRun.NAMESPACE))
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(verdict(1)).isEqualTo("BROKEN");
    assertThat(verdict(14)).isEqualTo("BROKEN");
  }

  @Test
  void whatIsNoExportOrNoAnswersFileIsAWrongCommandLine() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path nonsense = Files.writeString(directory.resolve("answers.jsonl"), "nonsense\n");

    assertThat(execute("admin", "verify", "--export", empty.toString()))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(onServer("admin", "verify", "--answers", nonsense.toString()))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("line 1 is not an answer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--run=r",
        "--logs=.",
        "--database=postgresql://h/d",
        "--nats=nats://h",
        "--wait-seconds=1",
        "--server=http://h",
        "--as=ada",
        "--dir=.",
        "-n=team-a"
      })
  void whatAnExportCheckWouldPassByIsAWrongCommandLine(String option) {
    Path bag = exported();

    assertThat(execute("admin", "verify", "--export", bag.toString(), option))
        .isEqualTo(ExitCode.USAGE.number());

    assertThat(err.toString()).contains("--export does not go with ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anAuditThatStaysBehindIsWaitedForAsLongAsWasSaid() {
    records.removeLast();
    records.removeLast();

    assertThat(onServer("admin", "verify", "--wait-seconds", "1"))
        .isEqualTo(ExitCode.FAILED.number());

    assertThat(err.toString())
        .containsOnlyOnce("waiting for the audit (0 of 1 s)")
        .contains("the audit has not got the last 1 rows");
  }

  @Test
  void aPurgedRunIsAccountedForByItsTombstoneAndWithoutOneItIsMissing() throws IOException {
    records.removeIf(record -> record.has("journal"));
    assertThat(onServer("admin", "verify", "--wait-seconds", "0"))
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(err.toString()).contains("invariant 12 broken", "the audit has not got the last");

    tombstones.add(GoldenRun.tombstone());
    out.getBuffer().setLength(0);

    assertThat(onServer("admin", "verify", "-o", "json", "--run", GoldenRun.RUN_ID)).isZero();
    assertThat(verdict(12)).isEqualTo("HOLDS");
  }

  @Test
  void aTombstoneOfAnotherHistoryAndOneThatNoPurgeLeftAreFound() throws IOException {
    records.removeIf(record -> record.has("journal"));
    ObjectNode forged = GoldenRun.tombstone();
    forged.withArray("record_hashes").set(1, "0".repeat(64));
    tombstones.add(forged);

    assertThat(onServer("admin", "verify")).isEqualTo(ExitCode.FAILED.number());

    assertThat(err.toString())
        .contains("a tombstone does not hold: its record hashes are others")
        .contains("tombstone 3 of the audit is of no purge");
  }

  private Path exported() {
    Path bag = directory.resolve("bags").resolve("bag");
    try {
      Files.createDirectories(bag.getParent());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(
            onServer(
                "audit", "export", GoldenRun.RUN_ID, "--without-manifest", "--to", bag.toString()))
        .isZero();
    out.getBuffer().setLength(0);
    return bag;
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
    String resource = path.replace("/v1/namespaces/" + GoldenRun.NAMESPACE + "/", "");
    switch (resource) {
      case "runs" -> items(exchange, List.of(run()));
      case "runs/" + GoldenRun.RUN_ID -> send(exchange, 200, Json.write(run()));
      case "ledgers", "runs/" + GoldenRun.RUN_ID + "/ledger" -> items(exchange, GoldenRun.ledger());
      case "operations" -> items(exchange, operations);
      case "audit/records" -> items(exchange, records);
      case "audit/tombstones" -> items(exchange, tombstones);
      case "audit/tombstones/3" -> send(exchange, 200, Json.write(tombstones.getFirst()));
      case "runs/" + GoldenRun.RUN_ID + "/late-reports" -> items(exchange, List.of(lateReport()));
      case "timers", "dead-letters", "breakers", "replays" -> items(exchange, List.of());
      case "audit/exports/" + GoldenRun.RUN_ID -> {
        exchange.getResponseHeaders().add("Audit-Log-Size", "1000000");
        send(exchange, 200, GoldenRun.lines(records));
      }
      default ->
          send(exchange, 404, "{\"title\":\"no\",\"status\":404}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static JsonNode lateReport() throws IOException {
    ObjectNode late = GoldenRun.lateReport();
    late.withObject("/report").put("notes", IN_THE_CONTRACT);
    return late;
  }

  private static JsonNode run() throws IOException {
    Finding.Match match =
        (Finding.Match)
            LedgerVerifier.verify(new ByteArrayInputStream(GoldenRun.lines(GoldenRun.ledger())));
    ObjectNode run = Json.mapper().createObjectNode();
    run.put("run_id", GoldenRun.RUN_ID).put("status", match.status());
    run.put("head_hash", match.headHash()).put("state_hash", match.stateSha256());
    run.putObject("position").put("run_id", GoldenRun.RUN_ID).put("sequence", match.sequence());
    return run;
  }

  private static void items(HttpExchange exchange, List<? extends JsonNode> items)
      throws IOException {
    send(exchange, 200, Json.write(Map.of("items", items)));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
