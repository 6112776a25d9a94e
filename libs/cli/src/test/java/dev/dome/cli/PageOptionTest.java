package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PageOptionTest {
  private static final String PAGE = "{\"items\":[],\"next_cursor\":\"bmV4dA\"}";
  @TempDir private Path directory;
  private CommandsOnServer commands;

  @BeforeEach
  void start() throws IOException {
    commands = new CommandsOnServer(directory);
    List.of("runs", "dead-letters", "breakers", "limits", "audit/records")
        .forEach(list -> commands.answers.put("/v1/namespaces/default/" + list, PAGE));
    commands.answers.put("/v1/poison", PAGE);
  }

  @AfterEach
  void stop() {
    commands.close();
  }

  @ParameterizedTest
  @CsvSource({
    "run list --status RUNNING --page-size 3",
    "dlq list --queue q --run r --status OPEN",
    "breaker list -n default",
    "limit list -n default",
    "audit query --kind access --actor ada",
    "admin poison list --lane 3",
  })
  void theCommandOfTheNextPageIsTheWholeCommand(String command) {
    assertThat(commands.run(command.split(" ", -1))).isZero();

    assertThat(next()).startsWith("./dome " + command + " ").endsWith(" --cursor bmV4dA");
  }

  @Test
  void theCommandOfTheNextPageAsksForTheNextPageOfTheSameList() {
    commands.run("dlq", "list", "--queue", "q", "--cursor", "Zmlyc3Q");
    String[] next = next().split(" ", -1);

    assertThat(commands.runAsItStands(Arrays.copyOfRange(next, 1, next.length))).isZero();

    assertThat(commands.asked.getLast())
        .contains("queue=q", "cursor=bmV4dA")
        .doesNotContain("Zmlyc3Q");
  }

  @Test
  void aWordThatAShellWouldTakeApartIsQuoted() {
    commands.run("audit", "query", "--actor", "ada's agent", "--cursor=Zmlyc3Q");

    assertThat(next()).contains("--actor 'ada'\\''s agent'").doesNotContain("Zmlyc3Q");
  }

  @Test
  void programsAreNotToldOfCommands() {
    commands.run("run", "list", "-o", "json");

    assertThat(commands.err()).isEmpty();
  }

  /** The command that was shown last. */
  private String next() {
    String line = commands.err().lines().toList().getLast();
    assertThat(line).startsWith("more: ");
    return line.substring("more: ".length());
  }
}
