package dev.dome.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.dome.deployment.CustomResources.AnalysisTemplate;
import dev.dome.deployment.CustomResources.Certificate;
import dev.dome.deployment.CustomResources.Issuer;
import dev.dome.deployment.CustomResources.Rollout;
import dev.dome.deployment.CustomResources.ScaledObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * YAML to typed documents. A field that the type does not have is an error, where a cluster would
 * only warn; so is a kind that is not named here, and a key that stands twice.
 */
final class StrictDocuments {
  private static final Map<String, Class<?>> KINDS = kinds();

  /** fabric8's types collect what they do not know; here they may not. */
  private static final class NoLeftovers extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }

  private static final ObjectMapper TREES =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectMapper TYPES =
      YAMLMapper.builder()
          .annotationIntrospector(new NoLeftovers())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private StrictDocuments() {}

  /** A document that is not what its kind says. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static Map<String, Class<?>> kinds() {
    Map<String, Class<?>> kinds = new HashMap<>();
    kinds.put("v1 Namespace", Namespace.class);
    kinds.put("v1 ServiceAccount", ServiceAccount.class);
    kinds.put("v1 Service", Service.class);
    kinds.put("v1 ConfigMap", ConfigMap.class);
    kinds.put("v1 PersistentVolumeClaim", PersistentVolumeClaim.class);
    kinds.put("apps/v1 Deployment", Deployment.class);
    kinds.put("apps/v1 StatefulSet", StatefulSet.class);
    kinds.put("batch/v1 Job", Job.class);
    kinds.put("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class);
    kinds.put("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class);
    kinds.put("networking.k8s.io/v1 Ingress", Ingress.class);
    kinds.put("cert-manager.io/v1 Certificate", Certificate.class);
    kinds.put("cert-manager.io/v1 Issuer", Issuer.class);
    kinds.put("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class);
    kinds.put("monitoring.coreos.com/v1 PodMonitor", PodMonitor.class);
    kinds.put("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class);
    kinds.put("argoproj.io/v1alpha1 Rollout", Rollout.class);
    kinds.put("argoproj.io/v1alpha1 AnalysisTemplate", AnalysisTemplate.class);
    kinds.put("keda.sh/v1alpha1 ScaledObject", ScaledObject.class);
    return Map.copyOf(kinds);
  }

  /** Every document of a YAML stream as a tree; empty ones are left out. */
  static List<JsonNode> trees(String yaml) {
    List<JsonNode> trees = new ArrayList<>();
    try (MappingIterator<JsonNode> stream = TREES.readerFor(JsonNode.class).readValues(yaml)) {
      while (stream.hasNext()) {
        JsonNode tree = stream.next();
        if (tree != null && !tree.isNull() && !tree.isEmpty()) {
          trees.add(tree);
        }
      }
      return trees;
    } catch (IOException e) {
      throw new RefusedException("not YAML: " + e.getMessage(), e);
    }
  }

  static List<Document> parse(String yaml) {
    return trees(yaml).stream().map(StrictDocuments::parse).toList();
  }

  /**
   * The document as its own type.
   *
   * @throws RefusedException when the kind or a field is not known, naming it
   */
  static Document parse(JsonNode tree) {
    String kind = tree.path("kind").asText();
    String name = tree.path("metadata").path("name").asText();
    Class<?> type =
        Optional.ofNullable(KINDS.get(tree.path("apiVersion").asText() + " " + kind))
            .orElseThrow(() ->
                new RefusedException(
                    "no type for %s %s %s".formatted(tree.path("apiVersion").asText(), kind, name),
                    null));
    try {
      return new Document(kind, name, TYPES.treeToValue(tree, type), tree);
    } catch (JsonProcessingException e) {
      throw new RefusedException(kind + " " + name + ": " + e.getOriginalMessage(), e);
    }
  }
}
