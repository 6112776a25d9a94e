package dev.dome.slo;

import static dev.dome.slo.PrometheusRules.ordered;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Grafana dashboards, as the trees of their JSON files. */
final class Dashboards {
  private static final Map<String, Object> DATASOURCE =
      ordered("type", "prometheus", "uid", "${datasource}");
  private static final int WIDTH = 12;
  private static final int HEIGHT = 8;

  /**
   * A panel of lines.
   *
   * @param unit as Grafana names it: s, bytes, short, percentunit, reqps
   * @param lines PromQL by legend
   */
  private record Panel(String title, String unit, Map<String, Object> lines) {}

  private Dashboards() {}

  static Map<String, Object> objectives(List<Slo> objectives) {
    List<Panel> panels = new ArrayList<>();
    for (Slo slo : objectives) {
      if (!slo.isCounted()) {
        continue;
      }
      String label = "{slo=\"" + slo.name() + "\"}";
      panels.add(
          new Panel(
              slo.title() + ": share of bad events",
              "percentunit",
              ordered(
                  "1 h", PrometheusRules.ERROR_RATIO + "1h" + label,
                  "6 h", PrometheusRules.ERROR_RATIO + "6h" + label,
                  "3 d", PrometheusRules.ERROR_RATIO + "3d" + label)));
      panels.add(
          slo.hasBudget()
              ? new Panel(
                  slo.title() + ": error budget left",
                  "percentunit",
                  ordered("left", PrometheusRules.BUDGET_LEFT + label))
              : new Panel(
                  slo.title() + ": bad events in an hour",
                  "short",
                  ordered("bad", slo.badEvents("1h"))));
    }
    return dashboard("dome-slo", "dome: objectives", panels);
  }

  static Map<String, Object> flow() {
    return dashboard(
        "dome-flow",
        "dome: runs on their way",
        List.of(
            new Panel(
                "Runs a second",
                "short",
                ordered(
                    "begun",
                    rate("dome_runs_begun_total"),
                    "{{status}}",
                    "sum by (status) (rate(dome_runs_ended_total[5m]))")),
            new Panel(
                "Requests a second",
                "reqps",
                ordered(
                    "{{job}} {{outcome}}",
                    "sum by (job, outcome) (rate(http_server_requests_seconds_count[5m]))")),
            new Panel(
                "Accepted and refused a second",
                "short",
                ordered(
                    "accepted", rate("dome_ingest_accepted_total"),
                    "refused {{class}}", "sum by (class) (rate(dome_ingest_rejected_total[5m]))",
                    "inbox {{cause}}",
                        "sum by (cause) (rate(dome_ingest_inbox_refused_total[5m]))")),
            new Panel(
                "From publish to outcome, mean",
                "s",
                ordered(
                    "{{result}}",
                    "sum by (result) (rate(dome_ingest_outcome_wait_seconds_sum[5m]))"
                        + " / sum by (result) (rate(dome_ingest_outcome_wait_seconds_count[5m]))")),
            new Panel(
                "Lane transaction, mean",
                "s",
                ordered(
                    "transaction", mean("dome_lane_transaction_seconds"),
                    "commit", mean("dome_lane_commit_seconds"))),
            new Panel(
                "Grants and journal rows a second",
                "short",
                ordered(
                    "grants", rate("dome_lane_grants_total"),
                    "rows", rate("dome_lane_journal_rows_total"))),
            new Panel(
                "Waiting",
                "short",
                ordered(
                    "claims", "sum(dome_lane_claims_parked)",
                    "inbox", "sum(dome_lane_inbox_pending)",
                    "rows to publish", "sum(dome_lane_publish_waiting)",
                    "stuck runs", "sum(dome_lane_runs_stuck)")),
            new Panel(
                "Timers and breakers",
                "short",
                ordered(
                    "timers pending", "max(dome_timers_pending)",
                    "breakers not closed", "max(dome_breakers_not_closed)"))));
  }

  static Map<String, Object> operations() {
    return dashboard(
        "dome-operations",
        "dome: operations",
        List.of(
            new Panel("Ready", "short", ordered("{{job}} {{instance}}", "dome_ready")),
            new Panel(
                "Failing checks",
                "short",
                ordered("{{job}} {{instance}} {{check}}", "dome_ready_check == 0")),
            new Panel(
                "Streams used",
                "percentunit",
                ordered("{{stream}}", "max by (stream) (dome_stream_used_ratio)")),
            new Panel(
                "Lanes",
                "short",
                ordered(
                    "owned by {{instance}}", "dome_lane_owned",
                    "unowned", "max(dome_lanes_unowned)")),
            new Panel(
                "Behind the journal",
                "short",
                ordered("{{job}}", "max by (job) (dome_journal_lag)")),
            new Panel(
                "Audit behind by",
                "s",
                ordered("lane {{lane}}", "max by (lane) (dome_audit_lag_seconds)")),
            new Panel(
                "Failures a second",
                "short",
                ordered(
                    "batch {{kind}}", "sum by (kind) (rate(dome_lane_batch_failures_total[5m]))",
                    "poison", rate("dome_lane_poison_total"),
                    "timers", rate("dome_timer_failures_total"),
                    "manifests", rate("dome_manifest_failures_total"),
                    "streams recreated", rate("dome_streams_lost_total"))),
            new Panel(
                "Heap used",
                "bytes",
                ordered(
                    "{{job}} {{instance}}",
                    "sum by (job, instance) (jvm_memory_used_bytes{area=\"heap\"})"))));
  }

  private static String rate(String counter) {
    return "sum(rate(" + counter + "[5m]))";
  }

  private static String mean(String timer) {
    return "sum(rate(" + timer + "_sum[5m])) / sum(rate(" + timer + "_count[5m]))";
  }

  private static Map<String, Object> dashboard(String uid, String title, List<Panel> panels) {
    List<Object> shown = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      shown.add(panel(i, panels.get(i)));
    }
    return ordered(
        "uid",
        uid,
        "title",
        title,
        "tags",
        List.of("dome"),
        "schemaVersion",
        39,
        "editable",
        false,
        "refresh",
        "30s",
        "time",
        ordered("from", "now-6h", "to", "now"),
        "templating",
        ordered(
            "list",
            List.of(
                ordered(
                    "name", "datasource",
                    "label", "Prometheus",
                    "type", "datasource",
                    "query", "prometheus"))),
        "panels",
        shown);
  }

  private static Map<String, Object> panel(int place, Panel panel) {
    List<Object> targets = new ArrayList<>();
    panel
        .lines()
        .forEach((legend, expr) ->
            targets.add(
                ordered(
                    "refId", String.valueOf((char) ('A' + targets.size())),
                    "datasource", DATASOURCE,
                    "expr", expr,
                    "legendFormat", legend)));
    return ordered(
        "id",
        place + 1,
        "type",
        "timeseries",
        "title",
        panel.title(),
        "datasource",
        DATASOURCE,
        "gridPos",
        ordered("x", place % 2 * WIDTH, "y", place / 2 * HEIGHT, "w", WIDTH, "h", HEIGHT),
        "fieldConfig",
        ordered("defaults", ordered("unit", panel.unit()), "overrides", List.of()),
        "targets",
        targets);
  }
}
