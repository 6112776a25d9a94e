package dev.dome.deployment;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One document of a rendering.
 *
 * @param typed as its own type, every field known
 * @param tree as it stood in the YAML
 */
record Document(String kind, String name, Object typed, JsonNode tree) {
  @Override
  public String toString() {
    return kind + " " + name;
  }
}
