package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedriveCommandTest {
  @TempDir private Path directory;
  private CommandsOnServer commands;

  @BeforeEach
  void start() throws IOException {
    commands = new CommandsOnServer(directory);
  }

  @AfterEach
  void stop() {
    commands.close();
  }

  @ParameterizedTest
  @CsvSource({
    "201, 200, false, OK",
    "201, 409, false, REFUSED",
    "413, 201, true, REFUSED",
    "201, 202, false, TIMEOUT",
    "201, 201, true, TIMEOUT",
  })
  void aBulkRedriveEndsWithWhatCameOfItsRuns(
      int first, int second, boolean more, ExitCode expected) {
    answers(first, second, more);

    assertThat(redriveAll()).isEqualTo(expected.number());
    assertThat(redriveAll("--dry-run")).isEqualTo(expected.number());
  }

  @Test
  void aPersonSeesARowForEachRunAndThatThereIsMore() {
    answers(201, 413, true);

    redriveAll();

    assertThat(commands.out()).contains("RUN_ID", "run-1", "run-2", "413", "REDRIVE.TOO_LARGE");
    assertThat(commands.err()).contains("more: ");
  }

  @Test
  void aProgramSeesTheWholeAnswerAndNothingElse() throws IOException {
    answers(201, 413, true);

    redriveAll("-o", "json");

    assertThat(Json.mapper().readTree(commands.out()).path("more").asBoolean()).isTrue();
    assertThat(commands.err()).isEmpty();
  }

  @Test
  void whatToRedriveIsSaidInOneWay() {
    assertThat(commands.run("dlq", "redrive", "--comment", "again"))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(commands.run("dlq", "redrive", "id", "--all", "--comment", "again"))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(commands.run("dlq", "redrive", "id", "--dry-run", "--comment", "again"))
        .isEqualTo(ExitCode.USAGE.number());
  }

  private int redriveAll(String... further) {
    String[] all = {"dlq", "redrive", "--all", "--comment", "again"};
    String[] arguments = Arrays.copyOf(all, all.length + further.length);
    System.arraycopy(further, 0, arguments, all.length, further.length);
    return commands.run(arguments);
  }

  private void answers(int first, int second, boolean more) {
    commands.answers.put(
        "/v1/namespaces/default/dead-letters/redrive",
        """
        {"items": [{"run_id": "run-1", "status": %d},
                   {"run_id": "run-2", "status": %d, "reason_code": "REDRIVE.TOO_LARGE"}],
         "more": %b}
        """
            .formatted(first, second, more));
  }
}
