package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ledgers verified without a server; the one of a running stack is the system test's. */
final class ReplayCommandTest {
  private static final Path GOLDEN =
      Path.of(
          System.getProperty("dome.root"),
          "libs/kernel/src/test/resources/golden/v1/approve.jsonl");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;

  private int execute(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void aSoundLedgerIsAMatchAndEndsWith0() throws IOException {
    assertThat(execute("replay", "--file", GOLDEN.toString(), "-o", "json")).isZero();

    var found = Json.mapper().readTree(out.toString());
    assertThat(found.path("result").asText()).isEqualTo("MATCH");
    assertThat(found.path("status").asText()).isEqualTo("PROMOTED");
    assertThat(
            execute(
                "replay", "--file", GOLDEN.toString(), "--head", found.path("head_hash").asText()))
        .isZero();
  }

  @Test
  void aLedgerThatWasChangedShowsWhereAndEndsWith14() throws IOException {
    List<String> lines = Files.readAllLines(GOLDEN);
    lines.set(4, lines.get(4).replaceFirst("team-a", "team-b"));
    Path changed = Files.write(directory.resolve("changed.jsonl"), lines);

    assertThat(execute("replay", "--file", changed.toString()))
        .isEqualTo(ExitCode.DIFFERENCE.number());
    assertThat(out.toString()).contains("DIFFERENCE", "hash");
  }

  @Test
  void aLedgerThatWasCutOffIsFoundByTheHashItShouldEndWith() throws IOException {
    List<String> lines = Files.readAllLines(GOLDEN);
    String head = Json.mapper().readTree(lines.getLast()).path("hash").asText();
    int claim = 0;
    while (!lines.get(claim).contains("input.claim_task")) {
      claim++;
    }
    Path cut = Files.write(directory.resolve("cut.jsonl"), lines.subList(0, claim));

    assertThat(execute("replay", "--file", cut.toString())).isZero();
    assertThat(execute("replay", "--file", cut.toString(), "--head", head))
        .isEqualTo(ExitCode.DIFFERENCE.number());
    assertThat(err.toString()).contains("another hash");
  }

  @Test
  void aFileThatIsNotThereIsAWrongCommandLine() {
    assertThat(execute("replay", "--file", directory.resolve("none").toString()))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(execute("replay")).isEqualTo(ExitCode.USAGE.number());
  }
}
