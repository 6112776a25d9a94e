package dev.dome.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;

/** The contract of a release's verdict, fixed before it is served. */
final class ReleaseVerdict {
  private static final String PLANNED = "contracts/planned/release-gates.v1.yaml";
  static final String PATH = "/v1/namespaces/{ns}/release-gates/{release}/verdict";

  private ReleaseVerdict() {}

  /** Whether nobody serves it yet. */
  static boolean isPlanned() {
    return Files.exists(Repository.ROOT.resolve(PLANNED));
  }

  static JsonNode contract() {
    return StrictDocuments.trees(Repository.read(PLANNED)).getFirst();
  }

  static Set<String> decisions() {
    Set<String> values = new TreeSet<>();
    contract()
        .at("/components/schemas/Verdict/properties/decision/enum")
        .forEach(value -> values.add(value.asText()));
    return values;
  }
}
