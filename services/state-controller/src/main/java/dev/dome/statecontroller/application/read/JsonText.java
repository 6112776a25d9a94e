package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;

/** Stored JSON text as what it stands for. */
public final class JsonText {
  private JsonText() {}

  /**
   * The tree of a text that dome itself stored.
   *
   * @throws IllegalArgumentException when it is not JSON, which is a defect of the writer
   */
  public static JsonNode tree(String text) {
    return read(text, JsonNode.class);
  }

  /** The tree of a text that somebody else wrote; missing when it is not JSON. */
  static JsonNode ifTree(String text) {
    try {
      JsonNode tree = tree(text);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (IllegalArgumentException e) {
      return MissingNode.getInstance();
    }
  }

  /**
   * The record of a text that dome itself stored.
   *
   * @throws IllegalArgumentException when it is not JSON of the type, which is a defect of the
   *     writer
   */
  public static <T> T read(String text, Class<T> type) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8), type);
  }
}
