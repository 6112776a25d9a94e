package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands against answers that the test chooses; the real server is the system test's. */
final class RunCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;
  private HttpServer server;
  private String run =
      "{\"run_id\":\"pkt-1\",\"status\":\"PROMOTED\",\"position\":{\"sequence\":9}}";
  private int submitStatus = 201;
  private String submitAnswer = "{\"run_id\":\"pkt-1\",\"status\":\"RUNNING\"}";

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

  @ParameterizedTest
  @CsvSource({
    "PROMOTED,0",
    "REJECTED,10",
    "AWAITING_APPROVAL,11",
    "CANCELLED,12",
    "EXPIRED,13",
  })
  void waitingForARunEndsWithItsDecision(String status, int exitCode) throws IOException {
    run = run.replace("PROMOTED", status);

    assertThat(execute("run", "submit", document(), "--wait")).isEqualTo(exitCode);
  }

  @Test
  void jsonOutputIsJsonAndNothingElse() throws IOException {
    assertThat(execute("run", "submit", document(), "--wait", "-o", "json")).isZero();

    assertThat(Json.mapper().readTree(out.toString()).path("run_id").asText()).isEqualTo("pkt-1");
    assertThat(err.toString()).contains("PROMOTED");
  }

  @Test
  void aRefusalNamesItsReasonItsPlacesAndWhatToDo() throws IOException {
    submitStatus = 422;
    submitAnswer =
        "{\"title\":\"no\",\"status\":422,\"reason_code\":\"PLAN.CYCLE\",\"detail\":\"a cycle\","
            + "\"errors\":[{\"pointer\":\"/tasks/1\",\"reason_code\":\"PLAN.CYCLE\"}]}";

    assertThat(execute("run", "submit", document())).isEqualTo(ExitCode.REFUSED.number());
    assertThat(err.toString())
        .contains("PLAN.CYCLE", "/tasks/1", "next: ", "./dome explain PLAN.CYCLE")
        .doesNotContain("Exception");
  }

  @Test
  void aFileThatIsNoJsonIsAWrongCommandLine() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.json"), "{");

    assertThat(execute("run", "submit", file.toString())).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void explainKnowsTheCatalogAndSuggestsNeighbours() {
    assertThat(execute("explain", "verify.test_failure")).isZero();
    assertThat(out.toString()).contains("VERIFY.TEST_FAILURE", "what_to_do");
    assertThat(execute("explain", "POLICY.NOPE")).isEqualTo(ExitCode.FAILED.number());
    assertThat(err.toString()).contains("POLICY.SELF_APPROVAL");
  }

  @Test
  void everyCommandHasHelp() {
    List<CommandLine> commands = new ArrayList<>();
    collect(Main.commandLine(), commands);

    assertThat(commands).hasSizeGreaterThan(20);
    assertThat(commands)
        .allSatisfy(command ->
            assertThat(command.getUsageMessage()).as(command.getCommandName()).contains("Usage:"));
  }

  private static void collect(CommandLine command, List<CommandLine> into) {
    into.add(command);
    command.getSubcommands().values().forEach(sub -> collect(sub, into));
  }

  private int execute(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (arguments[0].equals("run")) {
      all.addAll(
          List.of(
              "--dir",
              directory.toString(),
              "--server",
              "http://127.0.0.1:" + server.getAddress().getPort()));
    }
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private String document() throws IOException {
    return Files.writeString(directory.resolve("contract.json"), "{}").toString();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    exchange.getRequestBody().readAllBytes();
    if (path.endsWith("/tasks")) {
      send(exchange, 200, "{\"items\":[]}");
    } else if (path.endsWith("/runs")) {
      send(exchange, submitStatus, submitAnswer);
    } else {
      send(exchange, 200, run);
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
