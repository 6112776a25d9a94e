package dev.dome.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A cluster with something wrong in it. */
final class Doctored {
  private Doctored() {}

  /** The cluster with one document changed; its kind and name must be there. */
  static Cluster with(Cluster cluster, String kind, String name, Consumer<ObjectNode> change) {
    List<Document> documents = new ArrayList<>();
    boolean found = false;
    for (Document document : cluster.documents()) {
      if (document.kind().equals(kind) && document.name().matches(name + "(-[a-z0-9]{10})?")) {
        ObjectNode tree = document.tree().deepCopy();
        change.accept(tree);
        documents.add(StrictDocuments.parse(tree));
        found = true;
      } else {
        documents.add(document);
      }
    }
    if (!found) {
      throw new IllegalArgumentException("no " + kind + " " + name + " in " + cluster.name());
    }
    return new Cluster(cluster.name() + ", doctored", documents);
  }

  static Cluster without(Cluster cluster, String kind, String name) {
    List<Document> documents =
        cluster.documents().stream()
            .filter(document -> !(document.kind().equals(kind) && document.name().equals(name)))
            .toList();
    if (documents.size() == cluster.documents().size()) {
      throw new IllegalArgumentException("no " + kind + " " + name + " in " + cluster.name());
    }
    return new Cluster(cluster.name() + ", doctored", documents);
  }

  static ObjectNode object(JsonNode tree, String pointer) {
    return (ObjectNode) required(tree, pointer);
  }

  static ArrayNode array(JsonNode tree, String pointer) {
    return (ArrayNode) required(tree, pointer);
  }

  private static JsonNode required(JsonNode tree, String pointer) {
    JsonNode found = tree.at(pointer);
    if (found.isMissingNode()) {
      throw new IllegalArgumentException("nothing at " + pointer);
    }
    return found;
  }
}
