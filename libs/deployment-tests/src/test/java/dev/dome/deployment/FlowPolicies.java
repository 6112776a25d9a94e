package dev.dome.deployment;

import dev.dome.deployment.Cluster.Workload;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may open a connection to whom. The NetworkPolicies are evaluated for every pair of workloads
 * and every port, and the result is compared with contracts/service-graph.toml.
 */
final class FlowPolicies {
  /** Policies that let something in from outside the namespace, or out of it. */
  private static final Set<String> OPENINGS =
      Set.of(
          "dns",
          "clients",
          "to-postgres",
          "to-s3",
          "to-otel",
          "to-webhook-receivers",
          "from-prometheus",
          "to-nats");

  private FlowPolicies() {}

  /** A connection within the namespace, such as {@code ingest -> nats:4222}. */
  private static String flow(String from, String to, int port) {
    return from + " -> " + to + ":" + port;
  }

  /** What is allowed inside the namespace is what the graph needs, no less and no more. */
  static List<String> theGraphAndNothingElse(Cluster cluster) {
    Set<String> allowed = allowed(cluster);
    Set<String> needed = needed(cluster);
    Findings findings = new Findings();
    for (String flow : needed) {
      findings.require(allowed.contains(flow), "%s is needed and not allowed", flow);
    }
    for (String flow : allowed) {
      findings.require(needed.contains(flow), "%s is allowed and nobody needs it", flow);
    }
    return findings.all();
  }

  private static Set<String> needed(Cluster cluster) {
    Set<String> flows = new TreeSet<>();
    boolean nats = cluster.workload("nats").isPresent();
    boolean postgres = cluster.workload("postgres").isPresent();
    for (String service : Repository.services()) {
      Repository.edges(service, "calls").forEach(owner -> flows.add(flow(service, owner, 8080)));
      if (nats) {
        flows.add(flow(service, "nats", 4222));
        flows.add(flow(service, "nats", 8222));
      }
      if (postgres && Repository.usesPostgres(service)) {
        flows.add(flow(service, "postgres", 5432));
      }
    }
    if (nats) {
      flows.add(flow("nats", "nats", 6222));
    }
    if (postgres) {
      flows.add(flow("migrate", "postgres", 5432));
    }
    return flows;
  }

  private static Set<String> allowed(Cluster cluster) {
    Set<String> flows = new TreeSet<>();
    for (Workload from : cluster.workloads()) {
      for (Workload to : cluster.workloads()) {
        for (var port : to.container().getPorts()) {
          if (leaves(cluster, from, to, port.getContainerPort())
              && enters(cluster, from, to, port.getContainerPort())) {
            flows.add(flow(from.name(), to.name(), port.getContainerPort()));
          }
        }
      }
    }
    return flows;
  }

  private static boolean leaves(Cluster cluster, Workload from, Workload to, int port) {
    return of(cluster, from, "Egress").stream()
        .flatMap(policy -> policy.getSpec().getEgress().stream())
        .anyMatch(rule -> matches(rule.getTo(), to) && opens(rule.getPorts(), to, port));
  }

  private static boolean enters(Cluster cluster, Workload from, Workload to, int port) {
    return of(cluster, to, "Ingress").stream()
        .flatMap(policy -> policy.getSpec().getIngress().stream())
        .anyMatch(rule -> matches(rule.getFrom(), from) && opens(rule.getPorts(), to, port));
  }

  private static List<NetworkPolicy> of(Cluster cluster, Workload workload, String direction) {
    return cluster.all(NetworkPolicy.class).stream()
        .filter(policy -> policy.getSpec().getPolicyTypes().contains(direction))
        .filter(policy -> Cluster.selects(policy.getSpec().getPodSelector(), workload.labels()))
        .toList();
  }

  /** Peers of other namespaces and addresses outside are none of this namespace's workloads. */
  private static boolean matches(List<NetworkPolicyPeer> peers, Workload workload) {
    return peers.isEmpty()
        || peers.stream()
            .anyMatch(peer ->
                peer.getIpBlock() == null
                    && peer.getNamespaceSelector() == null
                    && Cluster.selects(peer.getPodSelector(), workload.labels()));
  }

  private static boolean opens(List<NetworkPolicyPort> ports, Workload workload, int wanted) {
    return ports.isEmpty()
        || ports.stream()
            .filter(port -> port.getProtocol() == null || port.getProtocol().equals("TCP"))
            .anyMatch(port ->
                port.getPort() == null
                    || WiringPolicies.port(workload, port.getPort())
                        .filter(number -> number == wanted)
                        .isPresent());
  }

  /** Whatever is not allowed is denied, both ways, for every pod. */
  static List<String> deniedByDefault(Cluster cluster) {
    boolean denied =
        cluster.all(NetworkPolicy.class).stream()
            .map(NetworkPolicy::getSpec)
            .anyMatch(spec ->
                spec.getPodSelector().getMatchLabels().isEmpty()
                    && spec.getPolicyTypes().equals(List.of("Ingress", "Egress"))
                    && spec.getIngress().isEmpty()
                    && spec.getEgress().isEmpty());
    Findings findings = new Findings();
    findings.require(denied, "a NetworkPolicy must deny everything both ways for every pod");
    return findings.all();
  }

  /** Doors to the outside are few, known by name, and never without a peer or a port. */
  static List<String> doors(Cluster cluster) {
    Findings findings = new Findings();
    for (NetworkPolicy policy : cluster.all(NetworkPolicy.class)) {
      String name = policy.getMetadata().getName();
      for (var rule : policy.getSpec().getIngress()) {
        door(findings, name, rule.getFrom(), rule.getPorts());
      }
      for (var rule : policy.getSpec().getEgress()) {
        door(findings, name, rule.getTo(), rule.getPorts());
      }
    }
    return findings.all();
  }

  private static void door(
      Findings findings,
      String name,
      List<NetworkPolicyPeer> peers,
      List<NetworkPolicyPort> ports) {
    findings.require(
        !peers.isEmpty() && !ports.isEmpty(),
        "NetworkPolicy %s must name its peers and its ports",
        name);
    findings.require(
        OPENINGS.contains(name)
            || peers.stream()
                .allMatch(peer -> peer.getIpBlock() == null && peer.getNamespaceSelector() == null),
        "NetworkPolicy %s opens the namespace: a new door is added to the test, with its reason",
        name);
  }
}
