package dev.dome.deployment;

import dev.dome.deployment.Cluster.Workload;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names that must mean the same thing in two documents. */
final class WiringPolicies {
  private WiringPolicies() {}

  /** A controller finds the pods it makes, and a Service exactly one workload's. */
  static List<String> selectors(Cluster cluster) {
    Findings findings = new Findings();
    for (Deployment deployment : cluster.all(Deployment.class)) {
      findings.require(
          Cluster.selects(
              deployment.getSpec().getSelector(),
              deployment.getSpec().getTemplate().getMetadata().getLabels()),
          "Deployment %s does not select its own pods",
          deployment.getMetadata().getName());
    }
    for (StatefulSet set : cluster.all(StatefulSet.class)) {
      findings.require(
          Cluster.selects(
              set.getSpec().getSelector(), set.getSpec().getTemplate().getMetadata().getLabels()),
          "StatefulSet %s does not select its own pods",
          set.getMetadata().getName());
      findings.require(
          service(cluster, set.getSpec().getServiceName()).isPresent(),
          "StatefulSet %s names a Service that is not there",
          set.getMetadata().getName());
    }
    for (Service service : cluster.all(Service.class)) {
      findings.require(
          selected(cluster, service.getSpec().getSelector()).size() == 1,
          "Service %s must select the pods of one workload",
          service.getMetadata().getName());
    }
    return findings.all();
  }

  private static List<Workload> selected(Cluster cluster, Map<String, String> selector) {
    return cluster.workloads().stream()
        .filter(workload -> Cluster.selects(selector, workload.labels()))
        .toList();
  }

  private static Optional<Service> service(Cluster cluster, String name) {
    return cluster.all(Service.class).stream()
        .filter(service -> service.getMetadata().getName().equals(name))
        .findFirst();
  }

  /** Ports that a Service, a probe, a monitor or an Ingress names are there. */
  static List<String> ports(Cluster cluster) {
    Findings findings = new Findings();
    for (Service service : cluster.all(Service.class)) {
      for (Workload workload : selected(cluster, service.getSpec().getSelector())) {
        for (ServicePort port : service.getSpec().getPorts()) {
          findings.require(
              hasPort(workload, port.getTargetPort()),
              "Service %s leads to port %s, which %s does not open",
              service.getMetadata().getName(),
              port.getTargetPort().getStrVal(),
              workload);
        }
      }
    }
    for (Workload workload : cluster.services()) {
      findings.require(
          workload.container().getPorts().stream()
              .anyMatch(port ->
                  port.getContainerPort().toString().equals(cluster.setting("DOME_HTTP_PORT"))),
          "%s does not open DOME_HTTP_PORT",
          workload);
      findings.require(
          hasPort(workload, workload.container().getReadinessProbe().getHttpGet().getPort()),
          "%s is probed at a port that it does not open",
          workload);
    }
    for (ServiceMonitor monitor : cluster.all(ServiceMonitor.class)) {
      List<Service> monitored =
          cluster.all(Service.class).stream()
              .filter(service ->
                  Cluster.selects(
                      monitor.getSpec().getSelector(), service.getMetadata().getLabels()))
              .toList();
      findings.require(
          monitored.size() == Repository.services().size()
              && monitored.stream()
                  .allMatch(service ->
                      monitor.getSpec().getEndpoints().stream()
                          .allMatch(endpoint -> portNamed(service, endpoint.getPort()))),
          "ServiceMonitor %s must find the port of each of the five services",
          monitor.getMetadata().getName());
    }
    ingressPorts(cluster, findings);
    return findings.all();
  }

  private static void ingressPorts(Cluster cluster, Findings findings) {
    for (Ingress ingress : cluster.all(Ingress.class)) {
      ingress.getSpec().getRules().stream()
          .flatMap(rule -> rule.getHttp().getPaths().stream())
          .map(path -> path.getBackend().getService())
          .forEach(backend ->
              findings.require(
                  backend.getName().equals("ingest")
                      && service(cluster, backend.getName())
                          .filter(service -> portNamed(service, backend.getPort().getName()))
                          .isPresent(),
                  "Ingress %s must lead to a port of ingest",
                  ingress.getMetadata().getName()));
    }
  }

  private static boolean portNamed(Service service, String name) {
    return service.getSpec().getPorts().stream().anyMatch(port -> port.getName().equals(name));
  }

  static boolean hasPort(Workload workload, IntOrString wanted) {
    return port(workload, wanted).isPresent();
  }

  /** The container's port of that name or number. */
  static Optional<Integer> port(Workload workload, IntOrString wanted) {
    return workload.container().getPorts().stream()
        .filter(port ->
            wanted.getIntVal() == null
                ? port.getName().equals(wanted.getStrVal())
                : port.getContainerPort().equals(wanted.getIntVal()))
        .map(ContainerPort::getContainerPort)
        .findFirst();
  }

  /** Addresses without a dot are Services of this namespace, with that port. */
  static List<String> addresses(Cluster cluster) {
    Findings findings = new Findings();
    Map<String, String> settings =
        cluster.configMap("dome").map(map -> map.getData()).orElse(Map.of());
    settings.forEach((key, value) -> {
      if (!key.endsWith("_URL")) {
        return;
      }
      URI address = URI.create(value);
      String host = address.getHost();
      findings.require(host != null, "%s is no address: %s", key, value);
      if (host != null && !host.contains(".")) {
        boolean there =
            service(cluster, host)
                .filter(service ->
                    service.getSpec().getPorts().stream()
                        .anyMatch(port -> port.getPort().equals(address.getPort())))
                .isPresent();
        findings.require(there, "%s names %s, which no Service here offers", key, value);
      }
    });
    for (String owner : Repository.services()) {
      boolean called =
          Repository.services().stream()
              .anyMatch(caller -> Repository.edges(caller, "calls").contains(owner));
      String key = "DOME_" + owner.replace('-', '_').toUpperCase(java.util.Locale.ROOT) + "_URL";
      findings.require(
          !called || cluster.setting(key).startsWith("http://" + owner + ":"),
          "%s must name the Service %s",
          key,
          owner);
    }
    return findings.all();
  }

  /** A node can always be drained, and never takes the second replica away with the first. */
  static List<String> disruptions(Cluster cluster) {
    Findings findings = new Findings();
    List<PodDisruptionBudget> budgets = cluster.all(PodDisruptionBudget.class);
    for (PodDisruptionBudget budget : budgets) {
      findings.require(
          selected(cluster, budget.getSpec().getSelector().getMatchLabels()).size() == 1,
          "PodDisruptionBudget %s must select the pods of one workload",
          budget.getMetadata().getName());
      IntOrString unavailable = budget.getSpec().getMaxUnavailable();
      findings.require(
          unavailable != null && Integer.valueOf(1).equals(unavailable.getIntVal()),
          "PodDisruptionBudget %s must let one pod go at a time",
          budget.getMetadata().getName());
    }
    for (Workload workload : cluster.workloads()) {
      long covering =
          budgets.stream()
              .filter(budget -> Cluster.selects(budget.getSpec().getSelector(), workload.labels()))
              .count();
      findings.require(
          covering == (workload.kind().equals("Job") ? 0 : 1),
          "%s must have one PodDisruptionBudget and has %d",
          workload,
          covering);
    }
    return findings.all();
  }

  /** Replicas do not all go with one node. */
  static List<String> spread(Cluster cluster) {
    Findings findings = new Findings();
    for (Workload workload : cluster.services()) {
      findings.require(
          workload.pod().getTopologySpreadConstraints().stream()
              .anyMatch(rule ->
                  rule.getTopologyKey().equals("kubernetes.io/hostname")
                      && rule.getMatchLabelKeys().contains("app.kubernetes.io/name")
                      && Cluster.selects(rule.getLabelSelector(), workload.labels())),
          "%s must spread its own replicas over nodes",
          workload);
    }
    cluster
        .workload("nats")
        .ifPresent(nats ->
            findings.require(
                nats.pod().getAffinity() != null
                    && nats.pod().getAffinity().getPodAntiAffinity() != null
                    && nats
                        .pod()
                        .getAffinity()
                        .getPodAntiAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution()
                        .stream()
                        .anyMatch(term ->
                            term.getTopologyKey().equals("kubernetes.io/hostname")
                                && Cluster.selects(term.getLabelSelector(), nats.labels())),
                "two NATS servers must never share a node"));
    return findings.all();
  }
}
