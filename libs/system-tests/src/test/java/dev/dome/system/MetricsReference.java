package dev.dome.system;

import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Scrape.Family;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The page that lists what the services measure, made from what they show. */
final class MetricsReference {
  /** Of what the platform measures, what dome's dashboards and alerts rest on. */
  private static final Set<String> RELIED_ON =
      Set.of(
          "http_server_requests_seconds",
          "http_server_active_requests",
          "jvm_memory_used_bytes",
          "jvm_memory_max_bytes",
          "jvm_threads_live_threads",
          "process_cpu_usage",
          "process_uptime_seconds");

  private static final String HEAD =
      """
      # Metrics

      What each service shows at `/q/metrics`. This page is made from a running stack and a test compares the two: run
      `./mvnw -pl libs/system-tests -am test -Dtest=MetricsTest -Dsurefire.failIfNoSpecifiedTests=false
      -Ddome.metrics.write=true` after a change.

      Names begin with `dome_`, then the part of the house, then what is counted; the unit stands last (`_seconds`,
      `_bytes`, `_ratio`) and counters end in `_total`. A histogram has `_bucket`, `_count` and `_sum`, a summary `_count`
      and `_sum`. Labels come from fixed sets: no namespace, run, task, worker, queue or person is ever one, so the number
      of series does not grow with use. `./dome` and traces answer what a single run did.

      | metric | type | unit | labels | services | meaning |
      |---|---|---|---|---|---|
      """;

  private record Row(Family family, SortedSet<String> labels, SortedSet<String> services) {}

  private MetricsReference() {}

  /** The page for these services as they stand. */
  static String page(List<ServiceProcess> services) {
    Map<String, Row> rows = new TreeMap<>();
    for (ServiceProcess service : services) {
      Scrape scrape = Scrape.of(service);
      for (Family family : scrape.families().values()) {
        if (family.name().startsWith("dome_") || RELIED_ON.contains(family.name())) {
          Row row =
              rows.computeIfAbsent(
                  family.name(), name -> new Row(family, new TreeSet<>(), new TreeSet<>()));
          row.services().add(service.name().replaceFirst("-\\d+$", ""));
          scrape.of(family).forEach(series -> row.labels().addAll(series.labels().keySet()));
        }
      }
    }
    StringBuilder page = new StringBuilder(HEAD);
    rows.values().forEach(row -> page.append(line(row)));
    return page.toString();
  }

  private static String line(Row row) {
    SortedSet<String> labels = new TreeSet<>(row.labels());
    labels.remove("le");
    labels.remove("quantile");
    Family family = row.family();
    return "| `%s` | %s | %s | %s | %s | %s |%n"
        .formatted(
            family.name(),
            family.type(),
            unit(family.name()),
            labels.isEmpty() ? "" : "`" + String.join("`, `", labels) + "`",
            // What the platform measures may show only once a service was asked for something.
            family.name().startsWith("dome_") ? String.join(", ", row.services()) : "every",
            family.help());
  }

  private static String unit(String name) {
    String plain = name.replaceFirst("_(total|max)$", "");
    for (String unit : List.of("seconds", "bytes", "ratio", "threads")) {
      if (plain.endsWith("_" + unit)) {
        return unit;
      }
    }
    return name.equals("process_cpu_usage") ? "ratio" : "";
  }
}
