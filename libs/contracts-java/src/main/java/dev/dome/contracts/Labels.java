package dev.dome.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Labels say what a worker offers and what a task requires of the worker that it is granted to. A
 * task may require as many as {@link #MAX}; names and values are both {@link #PATTERN}.
 */
public final class Labels {
  /** Of a name and of a value. */
  public static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9._-]{1,63}");

  /** How many one task or one claim may have. */
  public static final int MAX = 8;

  private Labels() {}

  /**
   * Labels by name, as a store has them.
   *
   * @param json an object of texts, or null for no labels
   */
  public static Map<String, String> ofJson(String json) {
    Map<String, String> labels = new TreeMap<>();
    if (json != null) {
      Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class)
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().textValue()));
    }
    return labels;
  }

  /** Whether everything that is required is offered, with the same value. */
  public static boolean satisfied(Map<String, String> required, Map<String, String> offered) {
    return offered.entrySet().containsAll(required.entrySet());
  }
}
