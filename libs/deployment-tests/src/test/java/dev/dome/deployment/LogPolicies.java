package dev.dome.deployment;

import dev.dome.deployment.Cluster.Workload;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Optional;

/** Where the copy of the log of statements lies, by which an older database is noticed. */
final class LogPolicies {
  private static final String DIRECTORY = "DOME_LOG_DIRECTORY";

  private LogPolicies() {}

  /**
   * It outlives its pod, which can write it. That one process at a time writes it follows from
   * there being one reader of the journal.
   */
  static List<String> kept(Cluster cluster) {
    Findings findings = new Findings();
    for (Workload workload : cluster.workload("provenance").stream().toList()) {
      Optional<VolumeMount> mount = directory(workload).flatMap(path -> mount(workload, path));
      findings.require(
          mount
              .flatMap(at -> claim(workload, at))
              .filter(name -> isClaimed(cluster, name))
              .isPresent(),
          "%s needs a volume that is claimed at %s",
          workload,
          DIRECTORY);
      findings.require(
          mount.isEmpty() || !Boolean.TRUE.equals(mount.get().getReadOnly()),
          "%s must be able to write at %s",
          workload,
          DIRECTORY);
      findings.require(
          workload.pod().getSecurityContext() != null
              && workload.pod().getSecurityContext().getFsGroup() != null,
          "%s needs an fsGroup, without which a volume belongs to root",
          workload);
    }
    return findings.all();
  }

  private static Optional<String> directory(Workload workload) {
    return workload.container().getEnv().stream()
        .filter(variable -> variable.getName().equals(DIRECTORY))
        .map(variable -> variable.getValue())
        .findFirst();
  }

  private static Optional<VolumeMount> mount(Workload workload, String path) {
    return workload.container().getVolumeMounts().stream()
        .filter(mount -> path.startsWith(mount.getMountPath() + "/"))
        .findFirst();
  }

  private static Optional<String> claim(Workload workload, VolumeMount mount) {
    return workload.pod().getVolumes().stream()
        .filter(volume -> volume.getName().equals(mount.getName()))
        .map(Volume::getPersistentVolumeClaim)
        .filter(claim -> claim != null)
        .map(claim -> claim.getClaimName())
        .findFirst();
  }

  private static boolean isClaimed(Cluster cluster, String name) {
    return cluster.all(PersistentVolumeClaim.class).stream()
        .anyMatch(claim -> claim.getMetadata().getName().equals(name));
  }
}
