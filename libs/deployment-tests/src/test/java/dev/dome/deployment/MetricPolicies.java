package dev.dome.deployment;

import dev.dome.deployment.CustomResources.AnalysisTemplate;
import dev.dome.deployment.CustomResources.Metric;
import dev.dome.deployment.CustomResources.ScaledObject;
import dev.dome.deployment.CustomResources.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What decides by metrics asks for some that there are: a misspelt one is zero for ever. */
final class MetricPolicies {
  private static final Pattern QUERIED = Pattern.compile("\\b((?:dome|http|jvm)_[a-z_]+)");

  /** What Micrometer appends for Prometheus. */
  private static final Pattern SUFFIX =
      Pattern.compile("(_seconds)?(_total|_count|_sum|_bucket|_max)?$");

  private MetricPolicies() {}

  static List<String> exist(Cluster cluster) {
    Findings findings = new Findings();
    Set<String> meters = Repository.meters();
    for (String query : queries(cluster)) {
      QUERIED
          .matcher(query.replaceAll("\\{[^}]*}", ""))
          .results()
          .map(match -> match.group(1))
          .forEach(name ->
              findings.require(
                  name.equals("http_server_requests_seconds_count")
                      || meters.contains(SUFFIX.matcher(name).replaceFirst("")),
                  "%s is asked for and measured by nobody",
                  name));
    }
    return findings.all();
  }

  private static List<String> queries(Cluster cluster) {
    List<String> queries = new ArrayList<>();
    for (ScaledObject scaled : cluster.all(ScaledObject.class)) {
      for (Trigger trigger : scaled.spec().triggers()) {
        if (trigger.type().equals("prometheus")) {
          queries.add(trigger.metadata().get("query"));
        }
      }
    }
    for (AnalysisTemplate template : cluster.all(AnalysisTemplate.class)) {
      for (Metric metric : template.spec().metrics()) {
        if (metric.provider().prometheus() != null) {
          queries.add(metric.provider().prometheus().query());
        }
      }
    }
    return queries;
  }
}
