package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads one object of a submitted document and notes what is wrong with it by JSON pointer. The
 * schema has passed already, so most of these checks never speak; they make planning total.
 */
final class DocumentReader {
  /** A document that is wrong in more places is not described further. */
  static final int MAX_ERRORS = 100;

  private final JsonNode node;
  private final String pointer;
  private final List<FieldError> errors;

  private DocumentReader(JsonNode node, String pointer, List<FieldError> errors) {
    this.node = node;
    this.pointer = pointer;
    this.errors = errors;
  }

  static DocumentReader of(JsonNode document) {
    return new DocumentReader(document, "", new ArrayList<>());
  }

  /** The object in a field; an absent one reads as empty. */
  DocumentReader object(String field) {
    return new DocumentReader(child(field), pointerTo(field), errors);
  }

  /** The entries of an array field; an absent one reads as empty. */
  List<DocumentReader> items(String field) {
    JsonNode array = child(field);
    if (!array.isMissingNode() && !array.isArray()) {
      error(KernelReasonCodes.SCHEMA_TYPE, field, "expected an array");
      return List.of();
    }
    List<DocumentReader> items = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      items.add(new DocumentReader(array.get(i), pointerTo(field) + "/" + i, errors));
    }
    return items;
  }

  boolean has(String field) {
    return !child(field).isMissingNode();
  }

  JsonNode raw(String field) {
    return child(field);
  }

  JsonNode raw() {
    return node;
  }

  /** A text that must be there; empty when it is not. */
  String requiredText(String field) {
    String text = text(field);
    if (text == null) {
      error(KernelReasonCodes.SCHEMA_REQUIRED, field, "expected a text");
      return "";
    }
    return text;
  }

  /** A text, or null when absent. */
  String text(String field) {
    JsonNode value = child(field);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isTextual()) {
      error(KernelReasonCodes.SCHEMA_TYPE, field, "expected a text");
      return null;
    }
    return value.textValue();
  }

  /** The texts of an array field, in order and without repeats; empty when absent. */
  List<String> distinctTexts(String field) {
    return texts(field).stream().distinct().toList();
  }

  /** The texts of an array field, in order; empty when absent. */
  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (DocumentReader item : items(field)) {
      if (item.node.isTextual()) {
        texts.add(item.node.textValue());
      } else {
        item.error(KernelReasonCodes.SCHEMA_TYPE, "expected a text");
      }
    }
    return texts;
  }

  /** The members of an object field, all of them texts, by name; empty when absent. */
  Map<String, String> textMembers(String field) {
    JsonNode object = child(field);
    if (!object.isMissingNode() && !object.isObject()) {
      error(KernelReasonCodes.SCHEMA_TYPE, field, "expected an object");
      return Map.of();
    }
    Map<String, String> members = new TreeMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (member.getValue().isTextual()) {
        members.put(member.getKey(), member.getValue().textValue());
      } else {
        object(field).error(KernelReasonCodes.SCHEMA_TYPE, member.getKey(), "expected a text");
      }
    }
    return members;
  }

  /**
   * An integer within limits, or null when absent. A number such as 2.0 is the integer 2: canonical
   * JSON does not tell them apart, so a plan must not either.
   */
  Integer integer(String field, int min, int max) {
    JsonNode value = child(field);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isNumber() || !value.canConvertToExactIntegral()) {
      error(KernelReasonCodes.SCHEMA_TYPE, field, "expected an integer");
      return null;
    }
    if (!value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
      error(KernelReasonCodes.SCHEMA_RANGE, field, "expected " + min + " to " + max);
      return null;
    }
    return value.intValue();
  }

  void error(ReasonCode code, String field, String detail) {
    add(new FieldError(pointerTo(field), code, detail));
  }

  void error(ReasonCode code, String detail) {
    add(new FieldError(pointer, code, detail));
  }

  /** Notes an error at a place that the caller has found. */
  void add(FieldError error) {
    if (errors.size() < MAX_ERRORS) {
      errors.add(error);
    }
  }

  String pointer() {
    return pointer;
  }

  List<FieldError> errors() {
    return errors;
  }

  /** The pointer to a member, its name escaped as RFC 6901 section 3 says. */
  static String pointer(String parent, String field) {
    return parent + "/" + field.replace("~", "~0").replace("/", "~1");
  }

  private String pointerTo(String field) {
    return pointer(pointer, field);
  }

  private JsonNode child(String field) {
    JsonNode child = node.path(field);
    return child.isNull() ? MissingNode.getInstance() : child;
  }
}
