package dev.dome.slo;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A metric and the exact label values that pick some of its series. */
public record Selector(String metric, SortedMap<String, String> labels) {
  private static final Pattern TEXT = Pattern.compile("([a-z_][a-z0-9_]*)(?:\\{([^{}]*)})?");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"\\\\]*)\"");

  /**
   * Reads {@code metric{label="value",...}}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Selector parse(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException("expected a metric with exact labels but was " + text);
    }
    SortedMap<String, String> labels = new TreeMap<>();
    if (parts.group(2) != null) {
      for (String part : parts.group(2).split(",", -1)) {
        Matcher label = LABEL.matcher(part.strip());
        if (!label.matches()) {
          throw new IllegalArgumentException("expected label=\"value\" but was " + part);
        }
        labels.put(label.group(1), label.group(2));
      }
    }
    return new Selector(parts.group(1), labels);
  }

  /** The same with another label. */
  Selector with(String label, String value) {
    SortedMap<String, String> more = new TreeMap<>(labels);
    more.put(label, value);
    return new Selector(metric, more);
  }

  /** As PromQL. */
  String text() {
    return labels.isEmpty()
        ? metric
        : labels.entrySet().stream()
            .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
            .collect(Collectors.joining(",", metric + "{", "}"));
  }

  /** The sum of its rates over a window such as {@code 5m}. */
  String rate(String window) {
    return "sum(rate(" + text() + "[" + window + "]))";
  }

  String increase(String window) {
    return "sum(increase(" + text() + "[" + window + "]))";
  }
}
