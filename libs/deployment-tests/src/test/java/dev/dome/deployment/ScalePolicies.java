package dev.dome.deployment;

import dev.dome.deployment.Cluster.Workload;
import dev.dome.deployment.CustomResources.Rollout;
import dev.dome.deployment.CustomResources.ScaledObject;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Optional;

/** How many of each may run at a time. */
final class ScalePolicies {
  private ScalePolicies() {}

  /** Who reads the journal runs once, during a change of version too. */
  static List<String> oneReader(Cluster cluster) {
    Findings findings = new Findings();
    for (Deployment deployment : cluster.all(Deployment.class)) {
      String name = deployment.getMetadata().getName();
      if (!Repository.consumesJournal(name)) {
        continue;
      }
      findings.require(
          deployment.getSpec().getReplicas() != null && deployment.getSpec().getReplicas() <= 1,
          "%s must run once",
          name);
      findings.require(
          "Recreate".equals(deployment.getSpec().getStrategy().getType()),
          "%s must end before its next version starts",
          name);
      findings.require(
          scaled(cluster, name).isEmpty(), "%s reads every lane: more of it helps nobody", name);
      rollout(cluster, name)
          .ifPresent(rollout ->
              findings.require(
                  Integer.valueOf(1).equals(rollout.spec().replicas())
                      && Integer.valueOf(0).equals(rollout.spec().strategy().canary().maxSurge()),
                  "the Rollout of %s must replace its one replica",
                  name));
    }
    return findings.all();
  }

  private static Optional<ScaledObject> scaled(Cluster cluster, String name) {
    return cluster.all(ScaledObject.class).stream()
        .filter(object -> object.spec().scaleTargetRef().name().equals(name))
        .findFirst();
  }

  static Optional<Rollout> rollout(Cluster cluster, String name) {
    return cluster.all(Rollout.class).stream()
        .filter(rollout -> rollout.metadata().getName().equals(name))
        .findFirst();
  }

  /** A lane has one writer, so more controllers than lanes are idle. */
  static List<String> lanes(Cluster cluster) {
    Findings findings = new Findings();
    int lanes = Integer.parseInt(cluster.setting("DOME_LANE_COUNT"));
    int most =
        scaled(cluster, "state-controller")
            .map(object -> object.spec().maxReplicaCount())
            .orElseGet(() -> replicas(cluster, "state-controller"));
    findings.require(most <= lanes, "%d replicas of state-controller for %d lanes", most, lanes);
    return findings.all();
  }

  /** What the Rollout, where there is one, or the Deployment says; 1 where it says nothing. */
  private static int replicas(Cluster cluster, String name) {
    return rollout(cluster, name)
        .map(rollout -> Optional.ofNullable(rollout.spec().replicas()).orElse(1))
        .or(() -> cluster.workload(name).map(Workload::replicas))
        .orElse(1);
  }

  /** Several replicas of ingest share their evidence, and the only one keeps it. */
  static List<String> evidence(Cluster cluster) {
    Findings findings = new Findings();
    boolean bucket = !cluster.setting("DOME_EVIDENCE_S3_BUCKET").isEmpty();
    boolean volume =
        cluster.workload("ingest").stream()
            .flatMap(ingest -> ingest.pod().getVolumes().stream())
            .anyMatch(v -> v.getName().equals("evidence") && v.getPersistentVolumeClaim() != null);
    boolean several =
        replicas(cluster, "ingest") > 1
            || scaled(cluster, "ingest").isPresent()
            || cluster.all(Deployment.class).stream()
                .anyMatch(d ->
                    d.getMetadata().getName().equals("ingest")
                        && !"Recreate".equals(d.getSpec().getStrategy().getType()));
    findings.require(
        bucket || (volume && !several),
        "evidence needs a bucket, or a volume and a single replica of ingest");
    return findings.all();
  }

  /** Streams have as many copies as the configuration asks for. */
  static List<String> copies(Cluster cluster) {
    Findings findings = new Findings();
    int copies = Integer.parseInt(cluster.setting("DOME_NATS_REPLICAS"));
    cluster
        .workload("nats")
        .ifPresent(nats ->
            findings.require(
                nats.replicas() == copies && copies % 2 == 1,
                "%d NATS servers and %d copies of each stream",
                nats.replicas(),
                copies));
    return findings.all();
  }
}
