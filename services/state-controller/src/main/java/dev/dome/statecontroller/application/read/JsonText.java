package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;

/** Stored JSON text as a tree. */
public final class JsonText {
  private JsonText() {}

  /**
   * The tree of a text that dome itself stored.
   *
   * @throws IllegalArgumentException when it is not JSON, which is a defect of the writer
   */
  public static JsonNode tree(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }
}
