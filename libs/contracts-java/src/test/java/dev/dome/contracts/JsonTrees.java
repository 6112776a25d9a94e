package dev.dome.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Arbitrary JSON trees that have a canonical form. */
final class JsonTrees {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  private JsonTrees() {}

  /** Objects and arrays up to four levels deep. */
  static Arbitrary<JsonNode> any() {
    return Arbitraries.recursive(JsonTrees::leaf, JsonTrees::container, 1, 4);
  }

  private static Arbitrary<JsonNode> leaf() {
    return Arbitraries.oneOf(
        text().map(NODES::textNode),
        Arbitraries.longs().between(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER).map(NODES::numberNode),
        Arbitraries.integers().map(NODES::numberNode),
        doubles(),
        Arbitraries.of(true, false).map(NODES::booleanNode),
        Arbitraries.just(NODES.nullNode()));
  }

  /**
   * Every bit pattern that is a finite number, so also the smallest and largest, but for those that
   * RFC 8785 writes as integers beyond 2^53.
   */
  private static Arbitrary<JsonNode> doubles() {
    return Arbitraries.longs()
        .map(Double::longBitsToDouble)
        .filter(Double::isFinite)
        .filter(d -> Math.abs(d) <= MAX_SAFE_INTEGER || Math.abs(d) >= 1e21)
        .map(NODES::numberNode);
  }

  /** All of Unicode but NUL and half pairs, with the characters that JSON escapes among them. */
  private static Arbitrary<String> text() {
    Arbitrary<Integer> points =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 0x7f),
            Arbitraries.integers().between(0x80, 0xd7ff),
            Arbitraries.integers().between(0xe000, 0x10ffff));
    return points
        .list()
        .ofMaxSize(12)
        .map(list ->
            list.stream()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
  }

  private static Arbitrary<JsonNode> container(Arbitrary<JsonNode> child) {
    return Arbitraries.oneOf(
        child.list().ofMaxSize(5).map(JsonTrees::array),
        Arbitraries.maps(text(), child).ofMaxSize(5).map(JsonTrees::object));
  }

  private static JsonNode array(List<JsonNode> items) {
    ArrayNode array = NODES.arrayNode();
    items.forEach(array::add);
    return array;
  }

  private static JsonNode object(Map<String, JsonNode> fields) {
    ObjectNode object = NODES.objectNode();
    fields.forEach(object::set);
    return object;
  }
}
