package dev.dome.slo;

import static dev.dome.slo.PrometheusRules.ordered;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Unit tests for promtool: each alert fires when it should, does not just below its threshold, and
 * not when what was bad is over.
 */
final class RuleTests {
  /** Events between two samples. */
  private static final long EVENTS = 1_000_000;

  /** How often rules are evaluated; tests look at a multiple of it. */
  private static final int EVALUATED_EVERY_MINUTES = 30;

  private RuleTests() {}

  static Map<String, Object> file(List<Slo> objectives, List<String> ruleFiles) {
    List<Object> tests = new ArrayList<>();
    for (Slo slo : objectives) {
      if (slo.isCounted() && slo.hasBudget()) {
        BurnRate.ALL.forEach(burn -> tests.addAll(burning(slo, burn)));
      } else if (slo.isCounted()) {
        tests.addAll(broken(slo));
      }
    }
    return ordered(
        "rule_files",
        ruleFiles,
        "evaluation_interval",
        EVALUATED_EVERY_MINUTES + "m",
        "tests",
        tests);
  }

  private static List<Object> burning(Slo slo, BurnRate burn) {
    double threshold = burn.factor() * slo.budget();
    // A few samples in the short window are enough, and keep the days of the long one cheap.
    int step = Math.max(1, BurnRate.minutes(burn.shortWindow()) / 6);
    int end = BurnRate.minutes(burn.longWindow()) + EVALUATED_EVERY_MINUTES;
    int samples = end / step;
    int over = BurnRate.minutes(burn.shortWindow()) / step + 1;
    String alert = slo.alert() + burn.name();
    return List.of(
        test(
            alert + " fires above its threshold",
            step,
            series(slo, new Phase(1.2 * threshold, samples)),
            end,
            alert,
            fired(slo, burn.severity())),
        test(
            alert + " is silent below its threshold",
            step,
            series(slo, new Phase(0.8 * threshold, samples)),
            end,
            alert,
            List.of()),
        test(
            alert + " is silent once the errors are over",
            step,
            series(slo, new Phase(Math.min(1, 2 * threshold), samples - over), new Phase(0, over)),
            end,
            alert,
            List.of()));
  }

  private static List<Object> broken(Slo slo) {
    String alert = slo.alert() + "Broken";
    return List.of(
        test(
            alert + " fires at one bad event in a million",
            1,
            series(slo, new Phase(0, 40), new Phase(0.000001, 1), new Phase(0, 19)),
            60,
            alert,
            fired(slo, "page")),
        test(
            alert + " is silent while all is well",
            1,
            series(slo, new Phase(0, 60)),
            60,
            alert,
            List.of()));
  }

  private static List<Object> fired(Slo slo, String severity) {
    return List.of(
        ordered(
            "exp_labels",
            PrometheusRules.labels(slo, severity),
            "exp_annotations",
            PrometheusRules.annotations(slo)));
  }

  private static Map<String, Object> test(
      String name,
      int sampledEveryMinutes,
      List<Object> series,
      int atMinutes,
      String alert,
      List<Object> expected) {
    return ordered(
        "name",
        name,
        "interval",
        sampledEveryMinutes + "m",
        "input_series",
        series,
        "alert_rule_test",
        List.of(ordered("eval_time", atMinutes + "m", "alertname", alert, "exp_alerts", expected)));
  }

  /** A share of bad events that holds for some samples. */
  private record Phase(double badShare, int samples) {
    long bad() {
      return Math.round(badShare * EVENTS);
    }
  }

  private static List<Object> series(Slo slo, Phase... phases) {
    return switch (slo.indicator()) {
      case Slo.Indicator.Bad(Selector bad, Selector total) -> {
        String narrowing =
            bad.labels().keySet().stream()
                .filter(label -> !total.labels().containsKey(label))
                .findFirst()
                .orElseThrow();
        yield List.of(
            series(bad, phases, true), series(total.with(narrowing, "other"), phases, false));
      }
      case Slo.Indicator.Good(Selector good, Selector total) ->
          List.of(series(good, phases, false), all(total, phases));
      case Slo.Indicator.Tested tested -> throw new IllegalStateException(slo.name());
    };
  }

  private static Object series(Selector selector, Phase[] phases, boolean bad) {
    StringBuilder values = new StringBuilder();
    long at = 0;
    for (Phase phase : phases) {
      long step = bad ? phase.bad() : EVENTS - phase.bad();
      at = append(values, at, step, phase.samples());
    }
    return ordered("series", selector.text(), "values", values.toString());
  }

  private static Object all(Selector selector, Phase[] phases) {
    StringBuilder values = new StringBuilder();
    long at = 0;
    for (Phase phase : phases) {
      at = append(values, at, EVENTS, phase.samples());
    }
    return ordered("series", selector.text(), "values", values.toString());
  }

  /** In promtool's notation: from a value, so much more in each of so many samples. */
  private static long append(StringBuilder values, long from, long step, int samples) {
    long first = values.isEmpty() ? from : from + step;
    int more = values.isEmpty() ? samples : samples - 1;
    values.append(
        String.format(Locale.ROOT, "%s%d+%dx%d", values.isEmpty() ? "" : " ", first, step, more));
    return first + step * more;
  }
}
