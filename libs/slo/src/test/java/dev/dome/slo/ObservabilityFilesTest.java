package dev.dome.slo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.dome.devstack.DevstackException;
import dev.dome.devstack.Promtool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservabilityFilesTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final Path DIRECTORY = ObservabilityFiles.directory(ROOT);
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:dome|http|jvm|process|slo)[_:][a-z0-9_:]+");
  private static final Pattern IN_REFERENCE = Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| (\\w+)");

  @Test
  void whatIsCheckedInIsWhatTheObjectivesGenerate() throws IOException {
    for (var file : ObservabilityFiles.generated(ROOT).entrySet()) {
      assertThat(Files.readString(DIRECTORY.resolve(file.getKey())))
          .as("run the main class ObservabilityFiles with the repository's root: " + file.getKey())
          .isEqualTo(file.getValue());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"slo", "operations"})
  void promtoolFindsTheRulesRightAndEachAlertFiresWhenItShouldOnly(
      String name, TestReporter reporter) {
    Optional<Promtool> found = promtool(reporter);
    if (found.isEmpty()) {
      return;
    }
    Promtool promtool = found.orElseThrow();

    Promtool.Verdict rules =
        promtool.checkRules(DIRECTORY.resolve("prometheus/" + name + ".rules.yaml"));
    Promtool.Verdict tests =
        promtool.testRules(DIRECTORY.resolve("prometheus/" + name + ".test.yaml"));

    assertThat(rules.ok()).as(rules.output()).isTrue();
    assertThat(tests.ok()).as(tests.output()).isTrue();
  }

  /** Continuous integration must have it; a machine that cannot get it says so. */
  private static Optional<Promtool> promtool(TestReporter reporter) {
    try {
      return Optional.of(Promtool.find());
    } catch (DevstackException e) {
      assertThat(System.getenv("CI")).as("promtool is needed here: " + e.getMessage()).isNull();
      reporter.publishEntry("the rules' unit tests did not run: no promtool: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Test
  void everyAlertIsTestedToFireAndToBeSilent() throws IOException {
    Set<String> firing = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    for (String name : List.of("slo", "operations")) {
      for (JsonNode test : yaml("prometheus/" + name + ".test.yaml").path("tests")) {
        JsonNode rule = test.path("alert_rule_test").path(0);
        (rule.path("exp_alerts").isEmpty() ? silent : firing).add(rule.path("alertname").asText());
      }
    }

    Set<String> alerts =
        rules().map(rule -> rule.path("alert").asText()).collect(Collectors.toSet());
    assertThat(firing).as("alerts with a test that they fire").isEqualTo(new TreeSet<>(alerts));
    assertThat(silent).as("alerts with a test of silence").isEqualTo(new TreeSet<>(alerts));
  }

  @Test
  void everyAlertHasASeverityAndARunbookThatNamesIt() throws IOException {
    assertThat(rules())
        .allSatisfy(rule -> {
          String alert = rule.path("alert").asText();
          assertThat(rule.path("labels").path("severity").asText())
              .as(alert)
              .isIn("page", "ticket");
          Path runbook = ROOT.resolve(rule.path("annotations").path("runbook_url").asText());
          assertThat(runbook).as("runbook of " + alert).isRegularFile();
          assertThat(Files.readString(runbook)).as(runbook.toString()).contains(alert);
        });
  }

  @Test
  void rulesAndDashboardsAskOnlyForMetricsThatExist() throws IOException {
    Set<String> known = recorded();
    known.addAll(measured());

    assertThat(asked()).as("metrics that doc/observability/metrics.md lacks").isSubsetOf(known);
  }

  private static Set<String> recorded() throws IOException {
    return stream(yaml("prometheus/slo.rules.yaml").path("groups"))
        .flatMap(group -> stream(group.path("rules")))
        .map(rule -> rule.path("record").asText())
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> measured() throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher row =
        IN_REFERENCE.matcher(Files.readString(ROOT.resolve("doc/observability/metrics.md")));
    while (row.find()) {
      String name = row.group(1);
      switch (row.group(2)) {
        case "histogram" -> names.addAll(List.of(name + "_bucket", name + "_count", name + "_sum"));
        case "summary" -> names.addAll(List.of(name + "_count", name + "_sum", name));
        default -> names.add(name);
      }
    }
    assertThat(names).isNotEmpty();
    return names;
  }

  private static Set<String> asked() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String file : List.of("prometheus/slo.rules.yaml", "prometheus/operations.rules.yaml")) {
      stream(yaml(file).path("groups"))
          .flatMap(group -> stream(group.path("rules")))
          .forEach(rule -> collect(rule.path("expr").asText(), names));
    }
    try (Stream<Path> dashboards = Files.list(DIRECTORY.resolve("grafana"))) {
      for (Path dashboard : dashboards.toList()) {
        for (JsonNode panel : new YAMLMapper().readTree(dashboard.toFile()).path("panels")) {
          panel.path("targets").forEach(t -> collect(t.path("expr").asText(), names));
        }
      }
    }
    return names;
  }

  private static void collect(String expr, Set<String> names) {
    Matcher metric = METRIC.matcher(expr.replaceAll("\"[^\"]*\"", "\"\""));
    while (metric.find()) {
      names.add(metric.group());
    }
  }

  private static Stream<JsonNode> rules() throws IOException {
    return Stream.concat(
            stream(yaml("prometheus/slo.rules.yaml").path("groups")),
            stream(yaml("prometheus/operations.rules.yaml").path("groups")))
        .flatMap(group -> stream(group.path("rules")))
        .filter(rule -> rule.has("alert"));
  }

  private static JsonNode yaml(String file) throws IOException {
    return new YAMLMapper().readTree(DIRECTORY.resolve(file).toFile());
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
