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
  void a_wrong_command_line_ends_with_usage() {
    assertThat(run("no-such-command")).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("status", "--no-such-option")).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("status", "-o", "xml")).isEqualTo(ExitCode.USAGE.number());
    assertThat(run()).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void without_a_stack_the_error_says_what_to_do_next() {
    assertThat(run("status", "--dir", empty.toString())).isEqualTo(ExitCode.NOT_RUNNING.number());

    assertThat(err.toString()).contains("not running", "next: ./dome up");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_token_is_not_minted_for_a_stack_that_does_not_run() {
    assertThat(run("token", "--dir", empty.toString())).isEqualTo(ExitCode.NOT_RUNNING.number());
    assertThat(empty.resolve("keys")).doesNotExist();
  }

  @Test
  void down_and_reset_of_nothing_succeed() {
    assertThat(run("down", "--dir", empty.toString())).isZero();
    assertThat(run("reset", "--dir", empty.toString())).isZero();
  }

  @Test
  void migrate_names_the_variable_it_misses() {
    assertThat(run("migrate")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("set DOME_PG_URL");
  }

  @Test
  void every_command_describes_itself_and_has_help() {
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
  void the_help_documents_every_exit_code() {
    assertThat(run("--help")).isZero();

    for (var code : ExitCode.values()) {
      assertThat(out.toString()).contains(code.number() + " ").contains(code.meaning());
    }
  }

  @Test
  void the_version_is_the_builds() {
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
