package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvidenceCommandTest {
  private static final String CONTENT = "what was left";
  private static final String DIGEST =
      "41cbfe169b5445aaa9c74f8dacebb73f0de054901bfca7d4e10b3c9ec4048d96";
  @TempDir private Path directory;
  private CommandsOnServer commands;

  @BeforeEach
  void start() throws IOException {
    commands = new CommandsOnServer(directory);
    commands.answers.put("/v1/namespaces/default/evidence/" + DIGEST, CONTENT);
  }

  @AfterEach
  void stop() {
    commands.close();
  }

  @Test
  void evidenceIsWrittenWholeToTheFile() {
    Path file = directory.resolve("left.txt");

    assertThat(get(DIGEST, file)).isZero();

    assertThat(file).hasContent(CONTENT);
  }

  @Test
  void contentOfAnotherDigestLeavesNoFile() {
    String other = "0".repeat(64);
    commands.answers.put("/v1/namespaces/default/evidence/" + other, CONTENT);
    Path file = directory.resolve("left.txt");

    assertThat(get(other, file)).isEqualTo(ExitCode.FAILED.number());

    assertThat(directory).isDirectoryNotContaining("glob:**/left.txt*");
    assertThat(commands.err()).contains("not the evidence of this digest").doesNotContain("\tat ");
  }

  @Test
  void aPlaceThatCannotBeWrittenIsAWrongCommandLine() {
    assertThat(get(DIGEST, directory.resolve("no/such/left.txt")))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(get(DIGEST, directory)).isEqualTo(ExitCode.USAGE.number());

    assertThat(commands.err()).contains("cannot write ").doesNotContain("\tat ");
  }

  @Test
  void aFileThatIsNotThereIsAWrongCommandLine() {
    assertThat(commands.run("evidence", "put", directory.resolve("none").toString()))
        .isEqualTo(ExitCode.USAGE.number());

    assertThat(commands.err()).contains("cannot read ").doesNotContain("\tat ");
  }

  @Test
  void aServerThatIsAwayIsSaidToBeAway() {
    commands.close();

    assertThat(get(DIGEST, directory.resolve("left.txt"))).isEqualTo(ExitCode.NOT_RUNNING.number());

    assertThat(commands.err()).contains("No answer from ").doesNotContain("\tat ");
  }

  private int get(String digest, Path file) {
    return commands.run("evidence", "get", digest, "--to", file.toString());
  }
}
