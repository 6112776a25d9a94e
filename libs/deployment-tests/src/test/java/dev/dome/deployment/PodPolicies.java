package dev.dome.deployment;

import dev.dome.deployment.Cluster.Workload;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What every pod must be, whatever it runs. */
final class PodPolicies {
  private static final Pattern MEMORY_FLAG =
      Pattern.compile("-(Xmx|XX:MaxMetaspaceSize=|XX:ReservedCodeCacheSize=)(\\d+)m");

  /** Threads' stacks, direct buffers, the JVM itself. */
  private static final int OUTSIDE_THE_HEAP_MIB = 128;

  /**
   * A replica's bounds while it leaves: its keeper 5 s, the writer's batch 2 s, its threads 3 s,
   * the link 2 s.
   */
  private static final int LEAVING_SECONDS = 12;

  private PodPolicies() {}

  /** Pod Security's level restricted, and a root file system that nobody writes to. */
  static List<String> restricted(Cluster cluster) {
    Findings findings = new Findings();
    for (Namespace namespace : cluster.all(Namespace.class)) {
      findings.require(
          "restricted"
              .equals(
                  namespace.getMetadata().getLabels().get("pod-security.kubernetes.io/enforce")),
          "the namespace must enforce Pod Security's level restricted");
    }
    for (Workload workload : cluster.workloads()) {
      PodSpec pod = workload.pod();
      PodSecurityContext context =
          Objects.requireNonNullElse(pod.getSecurityContext(), new PodSecurityContext());
      findings.require(
          Boolean.TRUE.equals(context.getRunAsNonRoot())
              && context.getRunAsUser() != null
              && context.getRunAsUser() > 0,
          "%s must run as a numbered user that is not root",
          workload);
      findings.require(
          context.getSeccompProfile() != null
              && "RuntimeDefault".equals(context.getSeccompProfile().getType()),
          "%s needs the seccomp profile RuntimeDefault",
          workload);
      findings.require(
          !Boolean.TRUE.equals(pod.getHostNetwork())
              && !Boolean.TRUE.equals(pod.getHostPID())
              && !Boolean.TRUE.equals(pod.getHostIPC())
              && pod.getVolumes().stream().allMatch(volume -> volume.getHostPath() == null),
          "%s must share nothing with its node",
          workload);
      restrictedContainers(workload, findings);
    }
    return findings.all();
  }

  private static void restrictedContainers(Workload workload, Findings findings) {
    findings.require(
        workload.pod().getContainers().size() == 1 && workload.pod().getInitContainers().isEmpty(),
        "%s must have one container, which these policies judge",
        workload);
    SecurityContext context =
        Objects.requireNonNullElse(
            workload.container().getSecurityContext(), new SecurityContext());
    Capabilities capabilities =
        Objects.requireNonNullElse(context.getCapabilities(), new Capabilities());
    findings.require(
        Boolean.FALSE.equals(context.getAllowPrivilegeEscalation())
            && !Boolean.TRUE.equals(context.getPrivileged()),
        "%s must not gain privileges",
        workload);
    findings.require(
        capabilities.getDrop().equals(List.of("ALL")) && capabilities.getAdd().isEmpty(),
        "%s must drop ALL capabilities and add none",
        workload);
    findings.require(
        Boolean.TRUE.equals(context.getReadOnlyRootFilesystem()),
        "%s must have a read-only root file system",
        workload);
  }

  /** Nobody talks to the API server, so nobody holds a token for it. */
  static List<String> noServiceAccountToken(Cluster cluster) {
    Findings findings = new Findings();
    Set<String> accounts = new HashSet<>();
    for (ServiceAccount account : cluster.all(ServiceAccount.class)) {
      accounts.add(account.getMetadata().getName());
      findings.require(
          Boolean.FALSE.equals(account.getAutomountServiceAccountToken()),
          "service account %s must not mount its token",
          account.getMetadata().getName());
    }
    for (Workload workload : cluster.workloads()) {
      findings.require(
          accounts.contains(workload.pod().getServiceAccountName()),
          "%s needs a service account of its own",
          workload);
      findings.require(
          Boolean.FALSE.equals(workload.pod().getAutomountServiceAccountToken()),
          "%s must not mount a token",
          workload);
      findings.require(
          Boolean.FALSE.equals(workload.pod().getEnableServiceLinks()),
          "%s must not be given every Service's address as variables",
          workload);
    }
    return findings.all();
  }

  /** Started, alive and ready are three questions, and services answer them on known paths. */
  static List<String> probes(Cluster cluster) {
    Findings findings = new Findings();
    for (Workload workload : cluster.workloads()) {
      if (workload.kind().equals("Job")) {
        continue;
      }
      Container container = workload.container();
      findings.require(
          container.getStartupProbe() != null
              && container.getLivenessProbe() != null
              && container.getReadinessProbe() != null,
          "%s needs a startup, a liveness and a readiness probe",
          workload);
      if (workload.isService()) {
        asks(findings, workload, container.getStartupProbe(), "/q/health/started");
        asks(findings, workload, container.getLivenessProbe(), "/q/health/live");
        asks(findings, workload, container.getReadinessProbe(), "/q/health/ready");
      }
    }
    return findings.all();
  }

  private static void asks(Findings findings, Workload workload, Probe probe, String path) {
    findings.require(
        probe != null && probe.getHttpGet() != null && path.equals(probe.getHttpGet().getPath()),
        "%s must be asked for %s",
        workload,
        path);
  }

  /**
   * Requests and limits are set, a JVM's own bounds and scratch volumes lie within them, and memory
   * is what was measured.
   */
  static List<String> resources(Cluster cluster) {
    Findings findings = new Findings();
    for (Workload workload : cluster.workloads()) {
      Map<String, Quantity> requests =
          workload.container().getResources() == null
              ? Map.of()
              : workload.container().getResources().getRequests();
      Map<String, Quantity> limits =
          workload.container().getResources() == null
              ? Map.of()
              : workload.container().getResources().getLimits();
      for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
        findings.require(
            requests.containsKey(resource) && limits.containsKey(resource),
            "%s needs a request and a limit of %s",
            workload,
            resource);
      }
      if (workload.isService() && limits.containsKey("memory")) {
        int jvmMib = jvmMib(cluster.setting("JDK_JAVA_OPTIONS")) + OUTSIDE_THE_HEAP_MIB;
        findings.require(
            mib(limits.get("memory")) >= jvmMib,
            "%s may take %d MiB by its JVM's flags, which its memory limit does not allow",
            workload,
            jvmMib);
      }
      if (limits.containsKey("ephemeral-storage")) {
        int scratchMib = scratchMib(workload);
        findings.require(
            mib(limits.get("ephemeral-storage")) >= scratchMib,
            "%s may fill %d MiB of scratch volumes, which its limit does not allow",
            workload,
            scratchMib);
      }
    }
    return findings.all();
  }

  /** Memory is asked for as doc/operations/capacity.md says and explains. */
  static List<String> measured(Cluster cluster) {
    Findings findings = new Findings();
    Map<String, CapacityTable.Memory> table = CapacityTable.memory();
    for (Workload workload : cluster.workloads()) {
      if (workload.name().equals("postgres")) {
        continue;
      }
      var resources = workload.container().getResources();
      CapacityTable.Memory asked =
          new CapacityTable.Memory(
              String.valueOf(resources.getRequests().get("memory")),
              String.valueOf(resources.getLimits().get("memory")));
      findings.require(
          asked.equals(table.get(workload.name())),
          "%s asks for %s, where doc/operations/capacity.md has %s",
          workload,
          asked,
          table.get(workload.name()));
    }
    return findings.all();
  }

  /** What the pod's volumes on its node's disk may hold together. */
  private static int scratchMib(Workload workload) {
    return workload.pod().getVolumes().stream()
        .map(Volume::getEmptyDir)
        .filter(volume -> volume != null && !"Memory".equals(volume.getMedium()))
        .mapToInt(volume -> volume.getSizeLimit() == null ? 0 : mib(volume.getSizeLimit()))
        .sum();
  }

  private static int jvmMib(String flags) {
    int sum = 0;
    Matcher flag = MEMORY_FLAG.matcher(flags);
    int seen = 0;
    while (flag.find()) {
      sum += Integer.parseInt(flag.group(2));
      seen++;
    }
    return seen == 3 ? sum : Integer.MAX_VALUE / 2;
  }

  private static int mib(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).divide(BigDecimal.valueOf(1 << 20)).intValue();
  }

  /** The time a pod is given to leave is longer than leaving takes. */
  static List<String> leaving(Cluster cluster) {
    Findings findings = new Findings();
    for (Workload workload : cluster.services()) {
      var lifecycle = workload.container().getLifecycle();
      boolean sleeps =
          lifecycle != null
              && lifecycle.getPreStop() != null
              && lifecycle.getPreStop().getSleep() != null;
      findings.require(sleeps, "%s must wait until nobody sends it requests any more", workload);
      long needed =
          (sleeps ? lifecycle.getPreStop().getSleep().getSeconds() : 0)
              + Repository.shutdownTimeoutSeconds(workload.name())
              + LEAVING_SECONDS;
      Long grace = workload.pod().getTerminationGracePeriodSeconds();
      findings.require(
          grace != null && grace >= needed,
          "%s needs %d s to leave and is given %s",
          workload,
          needed,
          grace);
    }
    return findings.all();
  }
}
