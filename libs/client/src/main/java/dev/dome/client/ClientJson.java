package dev.dome.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** JSON as a client of a newer server must read it: what it does not know, it passes over. */
final class ClientJson {
  private static final ObjectMapper MAPPER =
      Json.mapper()
          .copy()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);

  private ClientJson() {}

  /** The tree of the bytes; a missing node when they are empty or no JSON. */
  static JsonNode tree(byte[] utf8) {
    if (utf8.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return MAPPER.readTree(utf8);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  static <T> T read(JsonNode tree, Class<T> type) {
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw DomeException.unknown("The answer is no " + type.getSimpleName(), e);
    }
  }

  /** What somebody else wrote, which may be no such thing. */
  static <T> T convert(JsonNode tree, Class<T> type) throws JsonProcessingException {
    return MAPPER.treeToValue(tree, type);
  }

  static <T> List<T> readAll(JsonNode array, Class<T> type) {
    List<T> all = new ArrayList<>();
    if (array instanceof ArrayNode items) {
      items.forEach(item -> all.add(read(item, type)));
    }
    return List.copyOf(all);
  }

  static String write(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }
}
