package dev.dome.slo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file of OpenSLO v1 documents, as far as dome uses the format: one Service, and SLOs with a
 * ratio of counters, a rolling window in days and one objective.
 *
 * @param objectives in the order of the file
 * @param findings what is wrong, by the number of the document from 0; the objectives are complete
 *     only without any
 */
public record SloFile(List<Slo> objectives, List<Finding> findings) {
  private static final Pattern NAME = Pattern.compile("slo-[0-9]+-[a-z]+");
  private static final Pattern DAYS = Pattern.compile("([1-9][0-9]?)d");

  /** One thing that is wrong. */
  public record Finding(int document, String detail) {}

  /**
   * Reads a file and says everything that is wrong with it.
   *
   * @throws IOException when it cannot be read
   */
  public static SloFile read(Path file) throws IOException {
    YAMLMapper yaml = new YAMLMapper(new YAMLFactory());
    try (MappingIterator<JsonNode> each =
        yaml.readerFor(JsonNode.class).readValues(file.toFile())) {
      return of(each.readAll());
    } catch (JsonProcessingException e) {
      return new SloFile(List.of(), List.of(new Finding(0, "no YAML: " + e.getOriginalMessage())));
    }
  }

  static SloFile of(List<JsonNode> documents) {
    List<Slo> objectives = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> services = new HashSet<>();
    for (int i = 0; i < documents.size(); i++) {
      JsonNode document = documents.get(i);
      try {
        expect("openslo/v1", document.path("apiVersion"), "apiVersion");
        String name = text(document.path("metadata").path("name"), "metadata.name");
        switch (document.path("kind").asText()) {
          case "Service" -> services.add(name);
          case "SLO" -> objectives.add(slo(name, document, services));
          default -> throw new IllegalArgumentException("kind is neither Service nor SLO");
        }
        if (!names.add(document.path("kind").asText() + name)) {
          throw new IllegalArgumentException(name + " is there twice");
        }
      } catch (IllegalArgumentException e) {
        findings.add(new Finding(i, e.getMessage()));
      }
    }
    if (objectives.isEmpty() && findings.isEmpty()) {
      findings.add(new Finding(0, "expected at least one SLO but there is none"));
    }
    return new SloFile(List.copyOf(objectives), List.copyOf(findings));
  }

  private static Slo slo(String name, JsonNode document, Set<String> services) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("metadata.name is not slo-<number>-<word>: " + name);
    }
    JsonNode spec = document.path("spec");
    String service = text(spec.path("service"), "spec.service");
    if (!services.contains(service)) {
      throw new IllegalArgumentException("spec.service is no Service before it: " + service);
    }
    expect("Occurrences", spec.path("budgetingMethod"), "spec.budgetingMethod");
    return new Slo(
        name,
        text(document.path("metadata").path("displayName"), "metadata.displayName"),
        text(spec.path("description"), "spec.description"),
        target(spec.path("objectives")),
        days(spec.path("timeWindow")),
        indicator(spec.path("indicator").path("spec").path("ratioMetric")));
  }

  private static double target(JsonNode objectives) {
    if (objectives.size() != 1 || !objectives.path(0).path("target").isNumber()) {
      throw new IllegalArgumentException("spec.objectives is not one objective with a target");
    }
    double target = objectives.path(0).path("target").asDouble();
    if (target <= 0 || target > 1) {
      throw new IllegalArgumentException("target is not over 0 and at most 1: " + target);
    }
    return target;
  }

  private static int days(JsonNode windows) {
    JsonNode window = windows.path(0);
    var days = DAYS.matcher(window.path("duration").asText());
    if (windows.size() != 1 || !window.path("isRolling").asBoolean() || !days.matches()) {
      throw new IllegalArgumentException("spec.timeWindow is not one rolling window of days");
    }
    return Integer.parseInt(days.group(1));
  }

  private static Slo.Indicator indicator(JsonNode ratio) {
    if (!ratio.path("counter").asBoolean() || ratio.has("good") == ratio.has("bad")) {
      throw new IllegalArgumentException(
          "ratioMetric is not of counters, of total and one of good and bad");
    }
    JsonNode part = ratio.path(ratio.has("good") ? "good" : "bad").path("metricSource");
    JsonNode total = ratio.path("total").path("metricSource");
    String type = text(part.path("type"), "metricSource.type");
    expect(type, total.path("type"), "total.metricSource.type");
    if (type.equals("tests")) {
      return new Slo.Indicator.Tested(query(part));
    }
    if (!type.equals("Prometheus")) {
      throw new IllegalArgumentException("metricSource.type is neither Prometheus nor tests");
    }
    Selector counted = Selector.parse(query(part));
    Selector all = Selector.parse(query(total));
    return ratio.has("good") ? new Slo.Indicator.Good(counted, all) : narrowed(counted, all);
  }

  private static Slo.Indicator narrowed(Selector bad, Selector total) {
    boolean oneMore =
        bad.metric().equals(total.metric())
            && bad.labels().size() == total.labels().size() + 1
            && bad.labels().entrySet().containsAll(total.labels().entrySet());
    if (!oneMore) {
      throw new IllegalArgumentException("bad is not total with one more label");
    }
    return new Slo.Indicator.Bad(bad, total);
  }

  private static String query(JsonNode source) {
    return text(source.path("spec").path("query"), "metricSource.spec.query");
  }

  private static String text(JsonNode value, String name) {
    if (!value.isTextual() || value.asText().isBlank()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value.asText();
  }

  private static void expect(String wanted, JsonNode value, String name) {
    if (!value.asText().equals(wanted)) {
      throw new IllegalArgumentException(
          name + ": expected " + wanted + " but was " + value.asText());
    }
  }
}
