package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path empty;

  @Test
  void aWrongCommandLineEndsWithUsage() {
    assertThat(run("no-such-command")).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("status", "--no-such-option")).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("status", "-o", "xml")).isEqualTo(ExitCode.USAGE.number());
    assertThat(run()).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void withoutAStackTheErrorSaysWhatToDoNext() {
    assertThat(run("status", "--dir", empty.toString())).isEqualTo(ExitCode.NOT_RUNNING.number());

    assertThat(err.toString()).contains("not running", "next: ./dome up");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTokenIsNotMintedForAStackThatDoesNotRun() {
    assertThat(run("token", "--dir", empty.toString())).isEqualTo(ExitCode.NOT_RUNNING.number());
    assertThat(empty.resolve("keys")).doesNotExist();
  }

  @Test
  void downAndResetOfNothingSucceed() {
    assertThat(run("down", "--dir", empty.toString())).isZero();
    assertThat(run("reset", "--dir", empty.toString())).isZero();
  }

  @Test
  void migrateNamesTheVariableItMisses() {
    assertThat(run("migrate")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("set DOME_PG_URL");
  }

  @Test
  void everyCommandDescribesItselfAndHasHelp() {
    everyCommand(Main.commandLine())
        .forEach(command -> {
          var spec = command.getCommandSpec();
          assertThat(spec.usageMessage().description()).as(spec.qualifiedName()).isNotEmpty();
          if (!command.getCommandName().equals("help")) {
            assertThat(spec.optionsMap()).as(spec.qualifiedName()).containsKey("--help");
          }
        });
  }

  @Test
  void theHelpDocumentsEveryExitCode() {
    assertThat(run("--help")).isZero();

    for (var code : ExitCode.values()) {
      assertThat(out.toString()).contains(code.number() + " ").contains(code.meaning());
    }
  }

  @Test
  void theVersionIsTheBuilds() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("dome ").doesNotContain("${");
  }

  private static java.util.stream.Stream<CommandLine> everyCommand(CommandLine parent) {
    return java.util.stream.Stream.concat(
        java.util.stream.Stream.of(parent),
        parent.getSubcommands().values().stream().distinct().flatMap(MainTest::everyCommand));
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(Arrays.copyOf(arguments, arguments.length));
  }
}
