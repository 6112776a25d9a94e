package dev.dome.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathRulesTest {

  private static PathRules rules(List<String> allowed, List<String> forbidden) {
    ObjectNode constraints = Json.mapper().createObjectNode();
    allowed.forEach(constraints.putArray("allowed_paths")::add);
    forbidden.forEach(constraints.putArray("forbidden_paths")::add);
    return PathRules.of(constraints);
  }

  private static boolean allows(String entry, String path) {
    return rules(List.of(entry), List.of()).permits(path);
  }

  private static boolean forbids(String entry, String path) {
    return !rules(List.of("."), List.of(entry)).permits(path);
  }

  @ParameterizedTest
  @CsvSource({
    "src, src",
    "src, src/a/b.txt",
    "./src/, src/a",
    "src//main, src/main/a",
    "., anything/at/all",
    "src/*, src/a",
    "src/**, src/a/b/c",
    "src/, src/a/B.java",
    "pom.xml, pom.xml",
    "*.md, a.md",
    "**/*.md, README.md",
    "**/*.md, doc/a/b.md",
    "a?c, abc",
    "[a]{b}, [a]{b}/c",
  })
  void whatAnEntryNamesAndWhatIsBelowItIsAllowed(String entry, String path) {
    assertThat(allows(entry, path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "src, srcs/a",
    "src, SRC/a",
    "src, 'src\\a'",
    "src, lib/src",
    "src/*, src/a/b",
    "pom.xml, pom.xml.bak",
    "*.md, a/b.md",
    "src/*.java, src/a_java",
    "a?c, a/c",
    "[a], a",
  })
  void whatAnEntryDoesNotNameLetterByLetterIsNotAllowed(String entry, String path) {
    assertThat(allows(entry, path)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "secrets, secrets/key",
    "secrets, SECRETS/key",
    "secrets, ｓecrets/key",
    "secrets, 'se\u200bcrets'",
    "secrets, 'sec\u00adrets/key'",
    "straße, STRASSE/a",
    "conf/key, conf／key",
    "**/.git, .git/config",
    "**/*.key, docs/x/y.key",
    "**/.git, a/b/.git/config",
    "*.d, conf.d/x",
  })
  void whatIsForbiddenIsForbiddenHoweverItIsWritten(String entry, String path) {
    String escaped = path.replace("\\u200b", "\u200b").replace("\\u00ad", "\u00ad");
    assertThat(forbids(entry, escaped)).isTrue();
  }

  @Test
  void oneNameHasOneSpellingHoweverItsAccentsAreWritten() {
    assertThat(allows("caf\u00e9", "cafe\u0301/a")).isTrue();
    assertThat(forbids("cafe\u0301", "caf\u00e9/a")).isTrue();
    assertThat(allows("caf\u00e9", "cafe/a")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "..", "a/../b", "../a", "a/..", " ", "a\0b"})
  void anEntryThatLeadsElsewhereAllowsNothingAndForbidsEverything(String entry) {
    assertThat(allows(entry, "a")).isFalse();
    assertThat(allows(entry, "etc/passwd")).isFalse();
    assertThat(forbids(entry, "a")).isTrue();
  }

  @Test
  void aProhibitionWinsAndWithoutListsAnythingGoes() {
    PathRules rules = rules(List.of("src"), List.of("src/generated"));

    assertThat(rules.permits("src/a")).isTrue();
    assertThat(rules.permits("src/generated/a")).isFalse();
    assertThat(rules(List.of("."), List.of(".git")).permits(".gitignore")).isTrue();
    assertThat(PathRules.of(Json.mapper().createObjectNode()).isEmpty()).isTrue();
  }

  @Test
  void aTreeTellsWhatWasAddedRemovedAndChangedByContent(@TempDir Path directory)
      throws IOException {
    Files.writeString(directory.resolve("same"), "1");
    Files.writeString(directory.resolve("changed"), "1");
    Files.writeString(directory.resolve("removed"), "1");
    WorkingTree before = WorkingTree.of(directory);

    Files.writeString(directory.resolve("changed"), "2");
    Files.setLastModifiedTime(
        directory.resolve("changed"), Files.getLastModifiedTime(directory.resolve("same")));
    Files.delete(directory.resolve("removed"));
    Files.createDirectories(directory.resolve("a/b"));
    Files.writeString(directory.resolve("a/b/added"), "1");
    Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc"));

    assertThat(WorkingTree.of(directory).changedSince(before))
        .containsExactly("a/b/added", "changed", "link", "removed");
  }

  @Test
  void noPatternTakesLongerThanItsPath() {
    String pattern = "*a".repeat(500) + "b";
    String path = "a".repeat(4_000);

    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(allows(pattern, path)).isFalse());
  }
}
