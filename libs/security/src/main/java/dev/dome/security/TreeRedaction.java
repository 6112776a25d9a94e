package dev.dome.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.security.Redactor.Finding;
import dev.dome.security.Redactor.Redaction;
import dev.dome.security.SecretRule.Match;
import java.util.ArrayList;
import java.util.List;

/** One walk over one tree. */
final class TreeRedaction {
  private static final String SENSITIVE_KEY = "sensitive-key";
  private static final String MARK_START = "[REDACTED:";

  /** Shorter numbers under a sensitive name are counts, not secrets. */
  private static final int MIN_SECRET_DIGITS = 4;

  private final PatternRedactor redactor;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Finding> steering = new ArrayList<>();
  private final List<String> path = new ArrayList<>();

  TreeRedaction(PatternRedactor redactor) {
    this.redactor = redactor;
  }

  Redaction of(JsonNode tree) {
    JsonNode clean = walk(tree, FieldKind.CONTENT, false);
    return new Redaction(clean, List.copyOf(findings), List.copyOf(steering));
  }

  private JsonNode walk(JsonNode node, FieldKind kind, boolean secret) {
    return switch (node.getNodeType()) {
      case OBJECT -> object((ObjectNode) node, kind, secret);
      case ARRAY -> array((ArrayNode) node, kind, secret);
      case STRING -> text(node, kind, secret);
      case NUMBER -> secret && isLong(node) ? replaced(SENSITIVE_KEY) : node;
      case BOOLEAN, NULL, BINARY, MISSING, POJO -> node;
    };
  }

  private JsonNode object(ObjectNode node, FieldKind kind, boolean secret) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    node.properties()
        .forEach(field -> {
          String name = field.getKey();
          for (Match match : redactor.find(name, FieldKind.STEERING)) {
            // A name is structure. It is not part of the pointer: that would tell the secret.
            steering.add(new Finding(pointer(), match.rule()));
          }
          path.add(name);
          boolean secretBelow = secret || redactor.isSensitive(name);
          copy.set(name, walk(field.getValue(), kind.child(name), secretBelow));
          path.removeLast();
        });
    return copy;
  }

  private JsonNode array(ArrayNode node, FieldKind kind, boolean secret) {
    ArrayNode copy = JsonNodeFactory.instance.arrayNode(node.size());
    for (int i = 0; i < node.size(); i++) {
      path.add(Integer.toString(i));
      copy.add(walk(node.get(i), kind, secret));
      path.removeLast();
    }
    return copy;
  }

  private JsonNode text(JsonNode node, FieldKind kind, boolean secret) {
    String text = node.textValue();
    if (secret && kind == FieldKind.CONTENT) {
      return text.isBlank() || text.startsWith(MARK_START) ? node : replaced(SENSITIVE_KEY);
    }
    List<Match> matches = redactor.find(text, kind);
    if (matches.isEmpty()) {
      return node;
    }
    List<Finding> found = kind == FieldKind.CONTENT ? findings : steering;
    matches.forEach(match -> found.add(new Finding(pointer(), match.rule())));
    return kind == FieldKind.CONTENT
        ? JsonNodeFactory.instance.textNode(PatternRedactor.replace(text, matches))
        : node;
  }

  private JsonNode replaced(String rule) {
    findings.add(new Finding(pointer(), rule));
    return JsonNodeFactory.instance.textNode(PatternRedactor.mark(rule));
  }

  private static boolean isLong(JsonNode number) {
    return number.asText().length() >= MIN_SECRET_DIGITS;
  }

  private String pointer() {
    StringBuilder pointer = new StringBuilder();
    path.forEach(name -> pointer.append('/').append(name.replace("~", "~0").replace("/", "~1")));
    return pointer.toString();
  }
}
