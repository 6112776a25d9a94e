package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Old replicas run on the new schema until they are replaced, and again after a rollback. So a
 * script adds, and takes away or narrows nothing; doc/operations/upgrade.md promises it.
 */
class MigrationsTest {
  private static final Path SCRIPTS =
      Path.of(System.getProperty("dome.root"), "libs/migrations/src/main/resources/db");

  /** Constraints may be dropped: that alone widens. */
  private static final Pattern NARROWS =
      Pattern.compile(
          """
          (?isx)
            \\b DROP \\s+ (?! CONSTRAINT | INDEX) \\w+
          | \\b RENAME \\b
          | \\b TRUNCATE \\b | \\b DELETE \\s+ FROM \\b
          | \\b ALTER \\s+ COLUMN \\b [^;,]* \\b (TYPE | SET \\s+ NOT \\s+ NULL) \\b
          | \\b ADD \\s+ COLUMN \\b (?= [^;,]* \\b NOT \\s+ NULL \\b) (?! [^;,]* \\b DEFAULT \\b)
          """);

  private static final Pattern COMMENT = Pattern.compile("--[^\\n]*");

  /** What a function does is done when it is called, which a replica of before does not do. */
  private static final Pattern FUNCTION_BODY =
      Pattern.compile("(?is)(CREATE\\s+FUNCTION\\b[^;]*?\\bAS\\s+)\\$\\$.*?\\$\\$");

  @Test
  void everyScriptLeavesTheReleaseBeforeItsTables() throws IOException {
    List<String> narrowing = new ArrayList<>();
    int scripts = 0;
    try (Stream<Path> files = Files.walk(SCRIPTS)) {
      for (Path script : files.filter(file -> file.toString().endsWith(".sql")).toList()) {
        scripts++;
        if (narrows(Files.readString(script))) {
          narrowing.add(SCRIPTS.relativize(script).toString());
        }
      }
    }
    assertThat(scripts).isGreaterThan(10);
    assertThat(narrowing)
        .as("scripts that break replicas of the release before: add, and drop a release later")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE run DROP COLUMN status",
        "DROP TABLE run",
        "ALTER TABLE run RENAME COLUMN status TO state",
        "ALTER TABLE run ALTER COLUMN sequence TYPE integer",
        "ALTER TABLE run\n  ALTER COLUMN reason_code SET NOT NULL",
        "ALTER TABLE run ADD COLUMN cost bigint NOT NULL",
        "DELETE FROM operation WHERE created_at_ms < 0",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$; DROP TABLE run",
        "DO $$ BEGIN EXECUTE 'DROP TABLE run'; END $$",
      })
  void whatANewScriptMayNotDoIsSeen(String statement) {
    assertThat(narrows(statement)).isTrue();
  }

  private static boolean narrows(String script) {
    String statements = COMMENT.matcher(script).replaceAll("");
    return NARROWS.matcher(FUNCTION_BODY.matcher(statements).replaceAll("$1")).find();
  }
}
