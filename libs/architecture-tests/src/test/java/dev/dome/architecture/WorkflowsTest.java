package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the workflows may do, and whom they trust. */
class WorkflowsTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final Pattern PINNED =
      Pattern.compile("uses: [\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");
  private static final Pattern OWN = Pattern.compile("uses: \\./\\.github/workflows/[a-z]+\\.yml");

  /** Every right to write that a job has; one more is a decision. */
  private static final Map<String, Set<String>> WRITES =
      Map.of(
          "release.provenance", Set.of("id-token", "attestations"),
          "release.sign", Set.of("id-token"),
          "release.publish", Set.of("contents"));

  @Test
  void everyActionOfOthersIsPinnedByItsCommit() throws IOException {
    List<String> loose = new ArrayList<>();
    for (Path file : files(".github/workflows")) {
      for (String line : Files.readAllLines(file)) {
        String use = line.strip().replaceFirst("^- ", "");
        if (use.startsWith("uses:")
            && !PINNED.matcher(use).matches()
            && !OWN.matcher(use).matches()) {
          loose.add(file.getFileName() + ": " + use);
        }
      }
    }
    assertThat(loose)
        .as("a tag can be moved: name the commit and behind it the version, as renovate does")
        .isEmpty();
  }

  @Test
  void jobsHaveTheRightsTheyNeedAndNoOthers() throws IOException {
    Map<String, Set<String>> writes = new TreeMap<>();
    for (Path file : files(".github/workflows")) {
      JsonNode workflow = workflow(file);
      assertThat(workflow.path("permissions"))
          .as("%s starts from no rights: permissions: {}", file)
          .isEmpty();
      assertThat(workflow.path("permissions").isObject()).as(file.toString()).isTrue();
      for (Map.Entry<String, JsonNode> job : workflow.path("jobs").properties()) {
        String name = name(file) + "." + job.getKey();
        JsonNode rights = job.getValue().path("permissions");
        assertThat(rights.isObject()).as("%s declares permissions", name).isTrue();
        for (Map.Entry<String, JsonNode> right : rights.properties()) {
          if (right.getValue().asText().equals("write")) {
            writes.computeIfAbsent(name, key -> new TreeSet<>()).add(right.getKey());
          }
        }
      }
    }
    assertThat(writes).isEqualTo(WRITES);
  }

  @Test
  void nothingRunsForStrangersWithOurRights() throws IOException {
    for (Path file : files(".github/workflows")) {
      // YAML 1.1 reads the key "on" as a boolean.
      JsonNode triggers = workflow(file).path("on");
      assertThat(triggers.isMissingNode()).as(file.toString()).isFalse();
      assertThat(triggers.has("pull_request_target")).as(file.toString()).isFalse();
      assertThat(triggers.has("workflow_run")).as(file.toString()).isFalse();
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain("secrets.");
    }
  }

  @Test
  void runLinesHoldNoExpressionsAndQuoteTheirVariables() throws IOException {
    for (Path file : files(".github/workflows")) {
      for (JsonNode job : workflow(file).path("jobs")) {
        for (JsonNode step : job.path("steps")) {
          String run = step.path("run").asText("");
          assertThat(run)
              .as("an expression is pasted into the script: hand it over by env, in " + file)
              .doesNotContain("${{");
          assertThat(ShellQuotes.bare(run)).as("unquoted in %s: %s", file, run).isEmpty();
        }
      }
    }
  }

  @Test
  void scriptsStopAtErrorsAndQuoteTheirVariables() throws IOException {
    for (Path file : files(".ci")) {
      String script = Files.readString(file);
      assertThat(script).as(file.toString()).startsWith("#!/usr/bin/env bash\n");
      assertThat(script).as(file.toString()).contains("\nset -euo pipefail\n");
      assertThat(Files.isExecutable(file)).as(file + " is executable").isTrue();
      assertThat(ShellQuotes.bare(script)).as("unquoted in " + file).isEmpty();
    }
  }

  @Test
  void oneCheckStandsForAllOfThem() throws IOException {
    JsonNode jobs = workflow(ROOT.resolve(".github/workflows/ci.yml")).path("jobs");
    Set<String> others = new TreeSet<>();
    jobs.fieldNames().forEachRemaining(others::add);
    others.remove("required");
    Set<String> needed = new TreeSet<>();
    jobs.path("required").path("needs").forEach(need -> needed.add(need.asText()));

    assertThat(needed).isEqualTo(others);
    assertThat(jobs.path("required").path("if").asText())
        .as("a skipped check counts as passed")
        .isEqualTo("always()");
    assertThat(jobs.path("test").path("steps"))
        .anySatisfy(step -> assertThat(step.path("run").asText()).isEqualTo(".ci/run"));
    assertThat(jobs.path("test").path("strategy").path("matrix").path("java"))
        .extracting(JsonNode::asText)
        .containsExactly("21", "25");
  }

  @Test
  void jobsEndAndKeepNoCredentials() throws IOException {
    for (Path file : files(".github/workflows")) {
      for (Map.Entry<String, JsonNode> job : workflow(file).path("jobs").properties()) {
        JsonNode steps = job.getValue().path("steps");
        assertThat(job.getValue().has("uses") || job.getValue().has("timeout-minutes"))
            .as("%s of %s has a time limit", job.getKey(), file)
            .isTrue();
        for (JsonNode step : steps) {
          if (step.path("uses").asText().startsWith("actions/checkout@")) {
            assertThat(step.path("with").path("persist-credentials").asBoolean(true))
                .as("checkout of %s leaves no token in the work tree", job.getKey())
                .isFalse();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rm -rf $HOME/x           | $HOME
          cp ${from} "$to"         | ${from}
          echo "$(cat $file)"      | $file
          echo 'a $b' "c $d"       |
          x="$(cat "${1:-y}")"     |
          echo "$((1 + 2))" # $x   |
          """)
  void theQuoteCheckTellsBareVariablesFromQuotedOnes(String script, String bare) {
    assertThat(ShellQuotes.bare(script))
        .isEqualTo(bare == null ? List.of() : List.of(bare.strip()));
  }

  private static JsonNode workflow(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\.yml$", "");
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      List<Path> found = files.sorted().toList();
      assertThat(found).isNotEmpty();
      return found;
    }
  }
}
