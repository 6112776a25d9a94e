package dev.dome.deployment;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What one overlay asks a cluster for.
 *
 * @param name of the overlay
 */
record Cluster(String name, List<Document> documents) {
  Cluster {
    documents = List.copyOf(documents);
  }

  /**
   * Something that runs pods.
   *
   * @param replicas as its own document says; null where something else decides
   */
  record Workload(String kind, String name, Integer replicas, PodTemplateSpec template) {
    Map<String, String> labels() {
      return template.getMetadata().getLabels();
    }

    PodSpec pod() {
      return template.getSpec();
    }

    /** Every workload of dome has one container. */
    Container container() {
      return pod().getContainers().getFirst();
    }

    boolean isService() {
      return kind.equals("Deployment");
    }

    @Override
    public String toString() {
      return kind + " " + name;
    }
  }

  <T> List<T> all(Class<T> type) {
    return documents.stream()
        .map(Document::typed)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  List<Workload> workloads() {
    List<Workload> workloads = new ArrayList<>();
    for (Document document : documents) {
      switch (document.typed()) {
        case Deployment d ->
            workloads.add(
                new Workload(
                    "Deployment",
                    document.name(),
                    d.getSpec().getReplicas(),
                    d.getSpec().getTemplate()));
        case StatefulSet s ->
            workloads.add(
                new Workload(
                    "StatefulSet",
                    document.name(),
                    s.getSpec().getReplicas(),
                    s.getSpec().getTemplate()));
        case Job j ->
            workloads.add(new Workload("Job", document.name(), 1, j.getSpec().getTemplate()));
        default -> {}
      }
    }
    return workloads;
  }

  /** The five services. */
  List<Workload> services() {
    return workloads().stream().filter(Workload::isService).toList();
  }

  Optional<Workload> workload(String name) {
    return workloads().stream().filter(workload -> workload.name().equals(name)).findFirst();
  }

  /** A ConfigMap by its name, with or without the digest that kustomize appends. */
  Optional<ConfigMap> configMap(String name) {
    return all(ConfigMap.class).stream()
        .filter(map -> map.getMetadata().getName().matches(name + "(-[a-z0-9]{10})?"))
        .findFirst();
  }

  /** What the services' shared configuration says, or empty. */
  String setting(String key) {
    return configMap("dome").map(map -> map.getData().getOrDefault(key, "")).orElse("");
  }

  /**
   * Whether pods of these labels are selected. Only what dome uses is understood: {@code
   * matchLabels}.
   */
  static boolean selects(LabelSelector selector, Map<String, String> labels) {
    if (!selector.getMatchExpressions().isEmpty()) {
      throw new IllegalArgumentException("matchExpressions are not understood here: " + selector);
    }
    return selects(Objects.requireNonNullElse(selector.getMatchLabels(), Map.of()), labels);
  }

  static boolean selects(Map<String, String> wanted, Map<String, String> labels) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }
}
