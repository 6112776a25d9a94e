package dev.dome.ingest.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.id.NamespaceId;
import java.util.Map;
import java.util.Optional;

/** The runtime profiles that each namespace has: its {@code runtime.config} artifact (v0.2). */
public final class Profiles {
  private final Map<NamespaceId, JsonNode> configs;

  /**
   * Profiles of these namespaces and no others.
   *
   * @param configs documents that fit the schema runtime.config and name a default they have
   */
  public Profiles(Map<NamespaceId, JsonNode> configs) {
    this.configs = Map.copyOf(configs);
  }

  /** What a submission runs under. */
  public sealed interface Choice {
    /** The namespace has no profiles and none was asked for. */
    record None() implements Choice {}

    /**
     * The profile, asked for or the namespace's default.
     *
     * @param profile as configured, with its name and the digest of the whole configuration
     */
    record Chosen(JsonNode profile) implements Choice {}

    /** The namespace has none of that name. */
    record Unknown(String name) implements Choice {}
  }

  /** The profile of that name, or the namespace's default where none is named. */
  public Choice choose(NamespaceId namespace, Optional<String> named) {
    JsonNode config = configs.get(namespace);
    if (config == null) {
      return named.<Choice>map(Choice.Unknown::new).orElseGet(Choice.None::new);
    }
    String name = named.orElseGet(() -> config.path("default_profile").asText());
    return config.path("profiles").path(name) instanceof ObjectNode profile
        ? new Choice.Chosen(
            profile.deepCopy().put("name", name).put("config_sha256", CanonicalJson.sha256(config)))
        : new Choice.Unknown(name);
  }
}
