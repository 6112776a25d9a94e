package dev.dome.slo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Recording and alerting rules of the objectives, as the trees of a Prometheus rule file. */
final class PrometheusRules {
  /** Of the share of bad events; the window stands behind it, the objective in its label. */
  static final String ERROR_RATIO = "slo:error_ratio:rate";

  static final String BUDGET_LEFT = "slo:error_budget_left:ratio";

  /** Over which bad events of an objective without a budget are looked for. */
  static final String NO_BUDGET_WINDOW = "1h";

  private PrometheusRules() {}

  static Map<String, Object> file(List<Slo> objectives) {
    List<Object> groups = new ArrayList<>();
    for (Slo slo : objectives) {
      if (slo.isCounted()) {
        // One group, so that alerts look at what was recorded a moment before.
        List<Object> both = recordings(slo);
        both.addAll(alerts(slo));
        groups.add(ordered("name", slo.name(), "rules", both));
      }
    }
    return ordered("groups", groups);
  }

  private static List<Object> recordings(Slo slo) {
    List<Object> rules = new ArrayList<>();
    Map<String, Object> label = ordered("slo", slo.name());
    for (String window : BurnRate.WINDOWS) {
      rules.add(
          ordered("record", ERROR_RATIO + window, "expr", slo.errorRatio(window), "labels", label));
    }
    if (slo.hasBudget()) {
      rules.add(
          ordered(
              "record",
              BUDGET_LEFT,
              "expr",
              "1 - (" + slo.errorRatio(slo.windowDays() + "d") + ") / " + number(slo.budget()),
              "labels",
              label));
    }
    return rules;
  }

  private static List<Object> alerts(Slo slo) {
    List<Object> rules = new ArrayList<>();
    if (!slo.hasBudget()) {
      rules.add(
          alert(
              slo,
              slo.alert() + "Broken",
              // Less than one event: rates over the same samples may differ in the last digits.
              slo.badEvents(NO_BUDGET_WINDOW) + " > 0.01",
              "page"));
      return rules;
    }
    for (BurnRate burn : BurnRate.ALL) {
      String threshold = number(burn.factor() * slo.budget());
      rules.add(
          alert(
              slo,
              slo.alert() + burn.name(),
              above(slo, burn.longWindow(), threshold)
                  + " and "
                  + above(slo, burn.shortWindow(), threshold),
              burn.severity()));
    }
    return rules;
  }

  private static Map<String, Object> alert(Slo slo, String name, String expr, String severity) {
    return ordered(
        "alert",
        name,
        "expr",
        expr,
        "labels",
        labels(slo, severity),
        "annotations",
        annotations(slo));
  }

  static Map<String, Object> labels(Slo slo, String severity) {
    return ordered("severity", severity, "slo", slo.name());
  }

  static Map<String, Object> annotations(Slo slo) {
    return ordered(
        "summary",
        slo.title() + " objective of " + number(slo.target() * 100) + " % is in danger",
        "description",
        slo.description(),
        "runbook_url",
        slo.runbook());
  }

  private static String above(Slo slo, String window, String threshold) {
    return ERROR_RATIO + window + "{slo=\"" + slo.name() + "\"} > " + threshold;
  }

  /** Without the digits that binary fractions leave behind. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
  }

  /** A map in the order of writing. */
  static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
