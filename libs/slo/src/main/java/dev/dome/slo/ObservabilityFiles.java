package dev.dome.slo;

import static dev.dome.slo.PrometheusRules.ordered;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What k8s/observability holds besides what is written by hand there: {@code
 * prometheus/operations.rules.yaml} and its tests.
 */
public final class ObservabilityFiles {
  private static final String HEAD =
      "# Generated from ssot/slo/dome.yaml by dev.dome.slo.ObservabilityFiles; do not edit.\n";
  private static final String SLO_RULES = "prometheus/slo.rules.yaml";
  private static final String OPERATIONS = "prometheus/operations.rules.yaml";

  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .build());

  private ObservabilityFiles() {}

  /**
   * Writes the files.
   *
   * @param args the root of the repository
   * @throws IOException when a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    for (Map.Entry<String, String> file : generated(root).entrySet()) {
      Path target = directory(root).resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue());
    }
  }

  static Path directory(Path root) {
    return root.resolve("k8s/observability");
  }

  static Path source(Path root) {
    return root.resolve("ssot/slo/dome.yaml");
  }

  /**
   * Every file by its path below k8s/observability.
   *
   * @throws IOException when a source cannot be read
   * @throws IllegalStateException when the objectives are not valid
   */
  static SortedMap<String, String> generated(Path root) throws IOException {
    SloFile file = SloFile.read(source(root));
    if (!file.findings().isEmpty()) {
      throw new IllegalStateException("ssot/slo/dome.yaml: " + file.findings());
    }
    List<Slo> objectives = file.objectives();
    Map<String, Object> rules = PrometheusRules.file(objectives);
    SortedMap<String, String> files = new TreeMap<>();
    files.put(SLO_RULES, yaml(rules));
    files.put(
        "prometheus/slo.test.yaml", yaml(RuleTests.file(objectives, List.of("slo.rules.yaml"))));
    files.put("prometheusrule.yaml", yaml(prometheusRule(root, rules)));
    files.put("grafana/dome-slo.json", json(Dashboards.objectives(objectives)));
    files.put("grafana/dome-flow.json", json(Dashboards.flow()));
    files.put("grafana/dome-operations.json", json(Dashboards.operations()));
    return files;
  }

  /** The same rules as the Prometheus operator takes them. */
  private static Map<String, Object> prometheusRule(Path root, Map<String, Object> rules)
      throws IOException {
    List<Object> groups = new ArrayList<>((List<?>) rules.get("groups"));
    JsonNode byHand = YAML.readTree(directory(root).resolve(OPERATIONS).toFile());
    byHand.path("groups").forEach(groups::add);
    return ordered(
        "apiVersion",
        "monitoring.coreos.com/v1",
        "kind",
        "PrometheusRule",
        "metadata",
        ordered(
            "name",
            "dome",
            "labels",
            ordered("app.kubernetes.io/name", "dome", "app.kubernetes.io/part-of", "dome")),
        "spec",
        ordered("groups", groups));
  }

  private static String yaml(Map<String, Object> tree) throws IOException {
    return HEAD + YAML.writeValueAsString(tree);
  }

  private static String json(Map<String, Object> tree) throws IOException {
    DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
    lines.indentArraysWith(new DefaultIndenter("  ", "\n"));
    lines.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return new ObjectMapper().writer(lines).writeValueAsString(tree) + "\n";
  }
}
