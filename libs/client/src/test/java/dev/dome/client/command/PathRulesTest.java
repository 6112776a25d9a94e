package dev.dome.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathRulesTest {
  private static PathRules rules(List<String> allowed, List<String> forbidden) {
    ObjectNode constraints = Json.mapper().createObjectNode();
    allowed.forEach(constraints.putArray("allowed_paths")::add);
    forbidden.forEach(constraints.putArray("forbidden_paths")::add);
    return PathRules.of(constraints);
  }

  @Test
  void withoutRulesEverythingMayChange() {
    PathRules none = rules(List.of(), List.of());

    assertThat(none.isEmpty()).isTrue();
    assertThat(none.violations(List.of("a", ".git/config"))).isEmpty();
  }

  @Test
  void anEntryNamesAPathAndAllBelowIt() {
    PathRules rules = rules(List.of("src/", "pom.xml"), List.of());

    assertThat(rules.violations(List.of("pom.xml", "src/a/B.java", "srcs/x", "pom.xml.bak")))
        .containsExactly("srcs/x", "pom.xml.bak");
  }

  @Test
  void aForbiddenPathWinsOverAnAllowedOne() {
    PathRules rules = rules(List.of("."), List.of(".git"));

    assertThat(rules.violations(List.of("a", ".git/config", ".gitignore")))
        .containsExactly(".git/config");
  }

  @Test
  void aPatternSpansDirectoriesOnlyWhenItSaysSo() {
    PathRules rules = rules(List.of("docs/**", "*.md"), List.of("**/*.key"));

    assertThat(rules.violations(List.of("docs/a/b.txt", "a.md", "a/b.md", "docs/x/y.key")))
        .containsExactly("a/b.md", "docs/x/y.key");
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
}
