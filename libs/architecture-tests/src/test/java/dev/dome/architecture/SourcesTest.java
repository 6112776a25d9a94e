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

/** Style that no compiler checks, read off the source files. */
class SourcesTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final int MAX_FILE_LINES = 600;

  @Test
  void everyPackageSaysWhatLivesInIt() throws IOException {
    List<Path> silent = new ArrayList<>();
    for (Path source : sources("src/main/java")) {
      Path folder = source.getParent();
      if (!Files.exists(folder.resolve("package-info.java")) && !silent.contains(folder)) {
        silent.add(folder);
      }
    }
    assertThat(silent)
        .as("packages without package-info.java: write one paragraph, what lives here and what not")
        .isEmpty();
  }

  @Test
  void filesStayReadable() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path source : sources("src")) {
      long lines = Files.readString(source).lines().count();
      if (lines > MAX_FILE_LINES) {
        tooLong.add(ROOT.relativize(source) + " has " + lines + " lines");
      }
    }
    assertThat(tooLong)
        .as("files over %d lines: split by reason to change", MAX_FILE_LINES)
        .isEmpty();
  }

  @Test
  void nothingIsLeftUnfinished() throws IOException {
    assertThat(
            matches(
                "src",
                Pattern.compile(
                    "\\b(TO" + "DO|FIX" + "ME)\\b|UnsupportedOperation" + "Exception\\(\\)")))
        .as("unfinished marks: finish it, or write the gap into doc/ and the issue tracker")
        .isEmpty();
  }

  @Test
  void testsAwaitConditionsAndAreNeverSkipped() throws IOException {
    assertThat(
            matches(
                "src/test/java",
                Pattern.compile("Thread\\.sle" + "ep\\(|@Dis" + "abled|assume(True|False)\\(")))
        .as("await a condition instead of sleeping; mend a test instead of skipping it")
        .isEmpty();
  }

  @Test
  void onlyTheCommandLinePrints() throws IOException {
    List<String> prints =
        matches("src/main/java", Pattern.compile("System\\.(out|err)\\b|printStackTrace\\("))
            .stream()
            .filter(hit -> !hit.startsWith("libs/cli/") && !hit.contains("/Main.java"))
            .filter(hit -> !hit.contains("ReasonCodePages.java"))
            .toList();
    assertThat(prints).as("log with a fixed message and structured keys instead").isEmpty();
  }

  @Test
  void nothingSecretOrGeneratedIsNamedLikeSource() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("ssot"))) {
      assertThat(files.filter(Files::isRegularFile).map(Path::toString))
          .as("ssot holds hand-written truth only")
          .noneMatch(name -> name.matches(".*\\.(pem|key|p12|log|class)$"));
    }
  }

  private static List<String> matches(String part, Pattern pattern) throws IOException {
    List<String> hits = new ArrayList<>();
    for (Path source : sources(part)) {
      List<String> lines = Files.readAllLines(source);
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          hits.add(ROOT.relativize(source) + ":" + (i + 1));
        }
      }
    }
    return hits;
  }

  private static List<Path> sources(String part) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String group : List.of("libs", "services")) {
      try (Stream<Path> modules = Files.list(ROOT.resolve(group))) {
        for (Path module : modules.filter(Files::isDirectory).toList()) {
          Path folder = module.resolve(part);
          if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
              files.filter(f -> f.toString().endsWith(".java")).forEach(found::add);
            }
          }
        }
      }
    }
    assertThat(found).isNotEmpty();
    return found;
  }
}
