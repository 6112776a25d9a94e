package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One edit for each field of a file, of its lines the first that has the field. */
final class Edits {
  private static final Set<String> OPERATIONS = Set.of("SUBMIT_RUN", "CANCEL_RUN");

  private final List<ObjectNode> lines;
  private final Set<String> seen = new HashSet<>();
  private final List<Edit> edits = new ArrayList<>();

  private Edits(List<ObjectNode> lines) {
    this.lines = lines;
  }

  /**
   * The file with one field edited.
   *
   * @param field a JSON pointer, with {@code #} for places in arrays
   */
  record Edit(String field, String how, List<ObjectNode> lines) {
    @Override
    public String toString() {
      return field + " " + how;
    }
  }

  /** Every field changed, removed, and one more in every object. */
  static List<Edit> of(List<ObjectNode> lines) {
    Edits edits = new Edits(lines);
    for (int i = 0; i < lines.size(); i++) {
      edits.within(i, "", "", lines.get(i));
    }
    return edits.edits;
  }

  private void within(int line, String pointer, String field, JsonNode node) {
    if (node.isObject()) {
      object(line, pointer, field, node);
    } else if (node.isArray()) {
      edit(line, field, "one more", tree -> ((ArrayNode) tree.at(pointer)).add("x"));
      for (int i = 0; i < node.size(); i++) {
        within(line, pointer + "/" + i, field + "/#", node.get(i));
      }
    } else {
      edit(line, field, "changed", tree -> replace(tree, pointer, changed(node)));
    }
  }

  private void object(int line, String pointer, String field, JsonNode node) {
    edit(line, field, "extended", tree -> ((ObjectNode) tree.at(pointer)).put("more", "x"));
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = entry.getKey().replace("~", "~0").replace("/", "~1");
      edit(
          line,
          field + "/" + name,
          "removed",
          tree -> ((ObjectNode) tree.at(pointer)).remove(entry.getKey()));
      within(line, pointer + "/" + name, field + "/" + name, entry.getValue());
    }
  }

  private void edit(int line, String field, String how, Consumer<ObjectNode> edit) {
    if (seen.add(kind(line) + field + how)) {
      List<ObjectNode> edited = new ArrayList<>(lines);
      ObjectNode tree = lines.get(line).deepCopy();
      edit.accept(tree);
      edited.set(line, tree);
      edits.add(new Edit(field, how, edited));
    }
  }

  private String kind(int line) {
    return lines.get(line).path("kind").asText();
  }

  private static void replace(ObjectNode tree, String pointer, JsonNode value) {
    int last = pointer.lastIndexOf('/');
    JsonNode holder = tree.at(pointer.substring(0, last));
    String name = pointer.substring(last + 1).replace("~1", "/").replace("~0", "~");
    if (holder instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), value);
    } else {
      ((ObjectNode) holder).set(name, value);
    }
  }

  /** Something else that looks the same: what a forger would write. */
  private static JsonNode changed(JsonNode node) {
    if (OPERATIONS.contains(node.asText())) {
      return Json.tree("PAUSE_RUN");
    }
    return switch (node.getNodeType()) {
      case BOOLEAN -> Json.tree(!node.booleanValue());
      case NUMBER ->
          node.isIntegralNumber()
              ? Json.tree(node.longValue() + 1)
              : Json.tree(node.doubleValue() + 0.5);
      case STRING -> Json.tree(changed(node.textValue()));
      case NULL, ARRAY, BINARY, MISSING, OBJECT, POJO -> Json.tree("x");
    };
  }

  private static String changed(String text) {
    for (int i = text.length() - 1; i >= 0; i--) {
      char c = text.charAt(i);
      boolean last = c == '9' || c == 'f' || c == 'F' || c == 'z';
      if (c < 128 && Character.isLetterOrDigit(c) && c != 'Z') {
        return text.substring(0, i) + (char) (last ? c - 1 : c + 1) + text.substring(i + 1);
      }
    }
    return text + "x";
  }
}
