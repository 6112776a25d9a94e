package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class InteropCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aProgramThatIsNoWorkerBreaksTheRule() {
    assertThat(run("interop", "--scenario", "claim-and-echo", "--", "true"))
        .isEqualTo(ExitCode.FAILED.number());

    assertThat(out.toString())
        .contains("BROKEN claim-and-echo", "the worker had ended", "0 of 1 rules kept");
  }

  @Test
  void aScenarioThatIsUnknownIsAWrongCommandLine() {
    assertThat(run("interop", "--scenario", "juggling")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("there is no scenario juggling");
  }

  @Test
  void theScenariosAreListed() {
    assertThat(run("interop", "--list")).isZero();
    assertThat(out.toString()).contains("heartbeats-in-time", "sigterm-while-claiming");
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
