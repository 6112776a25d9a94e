package dev.dome.deployment;

import static dev.dome.deployment.Doctored.array;
import static dev.dome.deployment.Doctored.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every policy fails on a document that breaks it: a check that cannot fail checks nothing. */
class PoliciesTest {
  private static final String CONTAINER = "/spec/template/spec/containers/0";
  private static final String POD = "/spec/template/spec";

  /**
   * One wrong document.
   *
   * @param says part of what the policy has to say about it
   */
  private record Wrong(String policy, String says, Cluster cluster) {}

  @TestFactory
  Stream<DynamicTest> everyPolicyFindsWhatBreaksIt() {
    return wrongs().stream()
        .map(wrong ->
            DynamicTest.dynamicTest(
                wrong.policy() + ": " + wrong.says(),
                () ->
                    assertThat(Policies.ALL.get(wrong.policy()).violations(wrong.cluster()))
                        .anyMatch(violation -> violation.contains(wrong.says()))));
  }

  @Test
  void noPolicyIsWithoutItsCounterexample() {
    Set<String> shown = new TreeSet<>();
    wrongs().forEach(wrong -> shown.add(wrong.policy()));

    assertThat(shown)
        .isEqualTo(Renderings.possible() ? new TreeSet<>(Policies.ALL.keySet()) : Set.of());
  }

  @Test
  void aFieldThatATypeDoesNotHaveIsRefused() {
    assertThatThrownBy(() ->
            StrictDocuments.parse(
                "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {prots: []}}"))
        .hasMessageContaining("prots");
    assertThatThrownBy(() ->
            StrictDocuments.parse(
                "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: s},"
                    + " spec: {minReplicas: 1}}"))
        .hasMessageContaining("minReplicas");
    assertThatThrownBy(
            () -> StrictDocuments.parse("{apiVersion: v9, kind: Thing, metadata: {name: t}}"))
        .hasMessageContaining("no type for v9 Thing t");
    assertThatThrownBy(() -> StrictDocuments.parse("{apiVersion: v1, apiVersion: v1}"))
        .hasMessageContaining("Duplicate");
  }

  private static List<Wrong> wrongs() {
    if (!Renderings.possible()) {
      return List.of();
    }
    List<Wrong> wrongs = new ArrayList<>();
    pods(wrongs, Renderings.overlay("local"));
    wiring(wrongs, Renderings.overlay("staging"));
    flows(wrongs, Renderings.overlay("local"));
    settings(wrongs, Renderings.overlay("staging"));
    scale(wrongs, Renderings.overlay("production"));
    nats(wrongs, Renderings.overlay("local"));
    canary(wrongs, Renderings.overlay("production"), Renderings.baseWith("canary"));
    return wrongs;
  }

  private static Cluster deployment(Cluster cluster, String name, Consumer<ObjectNode> change) {
    return Doctored.with(cluster, "Deployment", name, change);
  }

  private static void pods(List<Wrong> wrongs, Cluster good) {
    wrongs.add(
        new Wrong(
            "pods are restricted",
            "not root",
            deployment(
                good, "ingest", d -> object(d, POD + "/securityContext").put("runAsUser", 0))));
    wrongs.add(
        new Wrong(
            "pods are restricted",
            "read-only root",
            deployment(
                good,
                "ingest",
                d -> object(d, CONTAINER + "/securityContext").remove("readOnlyRootFilesystem"))));
    wrongs.add(
        new Wrong(
            "pods are restricted",
            "drop ALL",
            deployment(
                good,
                "ingest",
                d -> array(d, CONTAINER + "/securityContext/capabilities/drop").removeAll())));
    wrongs.add(
        new Wrong(
            "pods are restricted",
            "RuntimeDefault",
            deployment(
                good,
                "ingest",
                d -> object(d, POD + "/securityContext").remove("seccompProfile"))));
    wrongs.add(
        new Wrong(
            "pods are restricted",
            "enforce",
            Doctored.with(
                good, "Namespace", "dome", n -> object(n, "/metadata/labels").removeAll())));
    wrongs.add(
        new Wrong(
            "no service account tokens",
            "must not mount a token",
            deployment(
                good,
                "provenance",
                d -> object(d, POD).put("automountServiceAccountToken", true))));
    wrongs.add(
        new Wrong(
            "probes",
            "needs a startup, a liveness and a readiness probe",
            deployment(good, "provenance", d -> object(d, CONTAINER).remove("livenessProbe"))));
    wrongs.add(
        new Wrong(
            "probes",
            "/q/health/ready",
            deployment(
                good,
                "provenance",
                d -> object(d, CONTAINER + "/readinessProbe/httpGet").put("path", "/q/health"))));
    wrongs.add(
        new Wrong(
            "requests and limits",
            "limit of cpu",
            deployment(
                good, "ingest", d -> object(d, CONTAINER + "/resources/limits").remove("cpu"))));
    wrongs.add(
        new Wrong(
            "requests and limits",
            "does not allow",
            deployment(
                good,
                "ingest",
                d -> object(d, CONTAINER + "/resources/limits").put("memory", "384Mi"))));
    wrongs.add(
        new Wrong(
            "requests and limits",
            "of scratch volumes",
            deployment(
                good,
                "ingest",
                d -> object(d, CONTAINER + "/resources/limits").put("ephemeral-storage", "64Mi"))));
    wrongs.add(
        new Wrong(
            "measured memory",
            "capacity.md has",
            deployment(
                good,
                "provenance",
                d -> object(d, CONTAINER + "/resources/requests").put("memory", "1Mi"))));
    wrongs.add(
        new Wrong(
            "time to leave",
            "s to leave",
            deployment(
                good,
                "state-controller",
                d -> object(d, POD).put("terminationGracePeriodSeconds", 10))));
  }

  private static void wiring(List<Wrong> wrongs, Cluster good) {
    wrongs.add(
        new Wrong(
            "selectors",
            "Service provenance",
            Doctored.with(
                good,
                "Service",
                "provenance",
                s -> object(s, "/spec/selector").put("app.kubernetes.io/name", "provenanse"))));
    wrongs.add(
        new Wrong(
            "selectors",
            "does not select its own pods",
            deployment(
                good,
                "ingest",
                d -> object(d, "/spec/selector/matchLabels").put("app.kubernetes.io/name", "x"))));
    wrongs.add(
        new Wrong(
            "ports",
            "leads to port",
            Doctored.with(
                good,
                "Service",
                "provenance",
                s -> object(s, "/spec/ports/0").put("targetPort", "web"))));
    wrongs.add(
        new Wrong(
            "ports",
            "ServiceMonitor dome",
            Doctored.with(
                good,
                "ServiceMonitor",
                "dome",
                m -> object(m, "/spec/endpoints/0").put("port", "metrics"))));
    wrongs.add(
        new Wrong(
            "addresses",
            "no Service here offers",
            Doctored.with(
                good,
                "ConfigMap",
                "dome",
                c -> object(c, "/data").put("DOME_PROVENANCE_URL", "http://provenance:8081"))));
    wrongs.add(
        new Wrong(
            "disruption budgets",
            "must have one PodDisruptionBudget and has 0",
            Doctored.without(good, "PodDisruptionBudget", "ingest")));
    wrongs.add(
        new Wrong(
            "disruption budgets",
            "must let one pod go",
            Doctored.with(
                good,
                "PodDisruptionBudget",
                "ingest",
                b -> object(b, "/spec").put("maxUnavailable", 0))));
    wrongs.add(
        new Wrong(
            "spread",
            "spread its own replicas",
            deployment(good, "ingest", d -> object(d, POD).remove("topologySpreadConstraints"))));
    wrongs.add(
        new Wrong(
            "spread",
            "share a node",
            Doctored.with(good, "StatefulSet", "nats", s -> object(s, POD).remove("affinity"))));
  }

  private static void flows(List<Wrong> wrongs, Cluster good) {
    wrongs.add(
        new Wrong(
            "flows are the service graph",
            "ingest -> provenance:8080 is needed",
            Doctored.without(good, "NetworkPolicy", "provenance")));
    wrongs.add(
        new Wrong(
            "flows are the service graph",
            "ingest -> postgres:5432 is allowed and nobody needs it",
            deployment(
                good,
                "ingest",
                d ->
                    object(d, "/spec/template/metadata/labels")
                        .put("dome.dev/uses-postgres", "true"))));
    wrongs.add(
        new Wrong(
            "denied by default",
            "deny everything",
            Doctored.with(
                good,
                "NetworkPolicy",
                "default-deny",
                p -> array(p, "/spec/policyTypes").remove(1))));
    wrongs.add(
        new Wrong(
            "doors to the outside",
            "a new door",
            Doctored.with(
                good,
                "NetworkPolicy",
                "provenance",
                p ->
                    array(p, "/spec/ingress/0/from")
                        .addObject()
                        .putObject("ipBlock")
                        .put("cidr", "0.0.0.0/0"))));
    wrongs.add(
        new Wrong(
            "doors to the outside",
            "name its peers",
            Doctored.with(
                good,
                "NetworkPolicy",
                "clients",
                p -> object(p, "/spec/ingress/0").remove("from"))));
  }

  private static void settings(List<Wrong> wrongs, Cluster good) {
    wrongs.add(
        new Wrong(
            "variables are read",
            "DOME_LANE_COUNTS in ConfigMap dome is read by nobody",
            Doctored.with(
                good, "ConfigMap", "dome", c -> object(c, "/data").put("DOME_LANE_COUNTS", "1"))));
    wrongs.add(
        new Wrong(
            "variables are read",
            "does not read DOME_PG_PASSWORD_FILE",
            deployment(
                good,
                "ingest",
                d ->
                    array(d, CONTAINER + "/env")
                        .addObject()
                        .put("name", "DOME_PG_PASSWORD_FILE")
                        .put("value", "/etc/dome/secrets/x"))));
    wrongs.add(
        new Wrong(
            "configuration is complete",
            "DOME_PG_URL",
            Doctored.with(
                good, "ConfigMap", "dome", c -> object(c, "/data").remove("DOME_PG_URL"))));
    wrongs.add(
        new Wrong(
            "secrets are files",
            "gets DOME_PG_PASSWORD as text",
            deployment(
                good,
                "provenance",
                d ->
                    array(d, CONTAINER + "/env")
                        .addObject()
                        .put("name", "DOME_PG_PASSWORD")
                        .put("value", "hunter2"))));
    wrongs.add(
        new Wrong(
            "secrets are files",
            "holds a secret in DOME_PG_URL",
            Doctored.with(
                good,
                "ConfigMap",
                "dome",
                c -> object(c, "/data").put("DOME_PG_URL", "postgresql://u:p@db.example.com/d"))));
    wrongs.add(
        new Wrong(
            "files are mounted",
            "nothing is mounted",
            deployment(
                good,
                "provenance",
                d -> {
                  var mounts = array(d, CONTAINER + "/volumeMounts");
                  for (int i = 0; i < mounts.size(); i++) {
                    if (mounts.get(i).path("name").asText().equals("secrets")) {
                      mounts.remove(i);
                    }
                  }
                })));
    wrongs.add(
        new Wrong(
            "secrets are documented",
            "Secret made-up",
            deployment(
                good,
                "provenance",
                d ->
                    array(d, POD + "/volumes")
                        .addObject()
                        .put("name", "more")
                        .putObject("secret")
                        .put("secretName", "made-up")
                        .put("defaultMode", 0440))));
    wrongs.add(
        new Wrong(
            "images",
            "full version",
            deployment(
                good,
                "ingest",
                d ->
                    object(d, CONTAINER).put("image", "registry.example.com/dome/ingest:latest"))));
    wrongs.add(
        new Wrong(
            "images",
            "one release",
            deployment(
                good,
                "ingest",
                d -> object(d, CONTAINER).put("image", "registry.example.com/dome/ingest:0.2.0"))));
  }

  private static void scale(List<Wrong> wrongs, Cluster good) {
    wrongs.add(
        new Wrong(
            "one reader of the journal",
            "must run once",
            deployment(good, "audit-export", d -> object(d, "/spec").put("replicas", 2))));
    wrongs.add(
        new Wrong(
            "one reader of the journal",
            "replace its one replica",
            Doctored.with(
                good,
                "Rollout",
                "audit-export",
                r -> object(r, "/spec/strategy/canary").put("maxSurge", 1))));
    wrongs.add(
        new Wrong(
            "no more controllers than lanes",
            "17 replicas of state-controller for 16 lanes",
            Doctored.with(
                good,
                "ScaledObject",
                "state-controller",
                s -> object(s, "/spec").put("maxReplicaCount", 17))));
    wrongs.add(
        new Wrong(
            "evidence is kept",
            "needs a bucket",
            Doctored.with(
                good,
                "ConfigMap",
                "dome",
                c -> object(c, "/data").remove("DOME_EVIDENCE_S3_BUCKET"))));
    wrongs.add(
        new Wrong(
            "copies of streams",
            "2 NATS servers and 3 copies",
            Doctored.with(
                good, "StatefulSet", "nats", s -> object(s, "/spec").put("replicas", 2))));
    wrongs.add(
        new Wrong(
            "the log of statements is kept",
            "a volume that is claimed",
            Doctored.without(good, "PersistentVolumeClaim", "provenance-log")));
    wrongs.add(
        new Wrong(
            "the log of statements is kept",
            "must be able to write",
            deployment(
                good,
                "provenance",
                d ->
                    array(d, CONTAINER + "/volumeMounts")
                        .forEach(mount -> ((ObjectNode) mount).put("readOnly", true)))));
    wrongs.add(
        new Wrong(
            "the log of statements is kept",
            "needs an fsGroup",
            deployment(
                good, "provenance", d -> object(d, POD + "/securityContext").remove("fsGroup"))));
  }

  private static void nats(List<Wrong> wrongs, Cluster good) {
    wrongs.add(
        new Wrong(
            "NATS syncs always",
            "sync_interval: always",
            conf(good, "nats.conf", "sync_interval: always", "sync_interval: \"2m\"")));
    wrongs.add(
        new Wrong(
            "NATS accepts its files",
            "sync_intervall",
            conf(good, "nats.conf", "sync_interval", "sync_intervall")));
    wrongs.add(
        new Wrong(
            "NATS users are the service graph",
            "the graph says otherwise",
            conf(good, "users.conf", "\"dome.inbox.*\"", "\"dome.access\"")));
    wrongs.add(
        new Wrong(
            "NATS users are the service graph",
            "may delete a stream",
            conf(good, "users.conf", "STREAM.INFO.DOME_INBOX", "STREAM.DELETE.DOME_INBOX")));
    wrongs.add(
        new Wrong(
            "NATS users are the service graph",
            "password of its own",
            conf(good, "users.conf", "$PROVENANCE_PASSWORD", "$INGEST_PASSWORD")));
  }

  private static Cluster conf(Cluster good, String file, String what, String instead) {
    return Doctored.with(
        good,
        "ConfigMap",
        "nats",
        c -> {
          ObjectNode data = object(c, "/data");
          String before = data.path(file).asText();
          assertThat(before).contains(what);
          data.put(file, before.replace(what, instead));
        });
  }

  private static void canary(List<Wrong> wrongs, Cluster good, Cluster judged) {
    wrongs.add(
        new Wrong(
            "every service is a canary",
            "both run pods",
            deployment(good, "ingest", d -> object(d, "/spec").put("replicas", 2))));
    wrongs.add(
        new Wrong(
            "every service is a canary",
            "has no Rollout",
            Doctored.without(good, "Rollout", "provenance")));
    wrongs.add(
        new Wrong(
            "steps of a canary",
            "without the burn-rate guard",
            Doctored.with(
                good,
                "Rollout",
                "ingest",
                r -> object(r, "/spec/strategy/canary").remove("analysis"))));
    wrongs.add(
        new Wrong(
            "steps of a canary",
            "promoted before somebody has said so",
            Doctored.with(
                judged,
                "Rollout",
                "ingest",
                r -> array(r, "/spec/strategy/canary/steps").remove(5))));
    wrongs.add(
        new Wrong(
            "steps of a canary",
            "without somebody in its place",
            Doctored.with(
                good,
                "Rollout",
                "ingest",
                r -> array(r, "/spec/strategy/canary/steps").remove(2))));
    wrongs.add(
        new Wrong(
            "arguments of analyses",
            "is not given release",
            Doctored.with(
                judged,
                "Rollout",
                "ingest",
                r -> array(r, "/spec/strategy/canary/steps/2/analysis/args").removeAll())));
    wrongs.add(
        new Wrong(
            "metrics exist",
            "dome_ingest_claim_parked",
            Doctored.with(
                good,
                "ScaledObject",
                "ingest",
                s ->
                    object(s, "/spec/triggers/0/metadata")
                        .put("query", "sum(dome_ingest_claim_parked)"))));
    wrongs.add(
        new Wrong(
            "verdicts",
            "pause when it is neither",
            Doctored.with(
                good,
                "AnalysisTemplate",
                "release-verdict",
                a ->
                    object(a, "/spec/metrics/0")
                        .put("successCondition", "result.decision != \"NO_GO\""))));
  }
}
