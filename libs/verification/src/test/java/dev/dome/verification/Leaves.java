package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Every scalar of a document, changed one at a time. */
final class Leaves {
  private Leaves() {}

  /** Calls once per scalar, while it has another value of its kind; restores it afterwards. */
  static void eachChanged(ObjectNode document, Consumer<String> check) {
    walk("", document, check);
  }

  private static void walk(String pointer, ObjectNode object, Consumer<String> check) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode value = object.get(name);
      String at = pointer + "/" + name;
      if (!deeper(at, value, check)) {
        object.set(name, other(value));
        check.accept(at);
        object.set(name, value);
      }
    }
  }

  private static void walk(String pointer, ArrayNode array, Consumer<String> check) {
    for (int i = 0; i < array.size(); i++) {
      JsonNode value = array.get(i);
      String at = pointer + "/" + i;
      if (!deeper(at, value, check)) {
        array.set(i, other(value));
        check.accept(at);
        array.set(i, value);
      }
    }
  }

  private static boolean deeper(String pointer, JsonNode value, Consumer<String> check) {
    if (value instanceof ObjectNode object) {
      walk(pointer, object, check);
      return true;
    }
    if (value instanceof ArrayNode array) {
      walk(pointer, array, check);
      return true;
    }
    return false;
  }

  private static JsonNode other(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> new TextNode(value.textValue() + "0");
      case NUMBER ->
          value.isIntegralNumber()
              ? new LongNode(value.longValue() + 1)
              : new DoubleNode(value.doubleValue() / 2);
      case BOOLEAN -> BooleanNode.valueOf(!value.booleanValue());
      case NULL -> new TextNode("0");
      case ARRAY, BINARY, MISSING, OBJECT, POJO ->
          throw new IllegalArgumentException("no scalar: " + value.getNodeType());
    };
  }
}
