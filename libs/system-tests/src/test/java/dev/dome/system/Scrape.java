package dev.dome.system;

import dev.dome.devstack.ServiceProcess;
import io.restassured.RestAssured;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Prometheus would read from a service.
 *
 * @param families by the name on their TYPE line
 */
record Scrape(Map<String, Family> families, List<Series> series) {
  private static final Pattern SERIES = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** A metric, whatever series it has. */
  record Family(String name, String type, String help) {}

  /** One line. */
  record Series(String name, Map<String, String> labels, double value) {}

  static Scrape of(ServiceProcess service) {
    String text =
        RestAssured.given()
            .accept("text/plain")
            .get(service.url() + "/q/metrics")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    Map<String, Family> families = new TreeMap<>();
    Map<String, String> help = new TreeMap<>();
    List<Series> series = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("# HELP ")) {
        String[] parts = line.split(" ", 4);
        help.put(parts[2], parts.length > 3 ? parts[3].strip() : "");
      } else if (line.startsWith("# TYPE ")) {
        String[] parts = line.split(" ", 4);
        families.put(parts[2], new Family(parts[2], parts[3], help.getOrDefault(parts[2], "")));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        series.add(series(line));
      }
    }
    return new Scrape(families, series);
  }

  private static Series series(String line) {
    Matcher parts = SERIES.matcher(line.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException("no series: " + line);
    }
    Map<String, String> labels = new TreeMap<>();
    Matcher label = LABEL.matcher(parts.group(2) == null ? "" : parts.group(2));
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return new Series(parts.group(1), labels, number(parts.group(3)));
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /** The series of a family, its buckets, counts and sums included. */
  List<Series> of(Family family) {
    return series.stream().filter(line -> belongs(line.name(), family)).toList();
  }

  private static boolean belongs(String name, Family family) {
    String stem = family.name();
    return name.equals(stem)
        || switch (family.type()) {
          case "summary" -> name.equals(stem + "_count") || name.equals(stem + "_sum");
          case "histogram" ->
              name.equals(stem + "_count")
                  || name.equals(stem + "_sum")
                  || name.equals(stem + "_bucket");
          case "counter" -> name.equals(stem + "_total");
          default -> false;
        };
  }
}
