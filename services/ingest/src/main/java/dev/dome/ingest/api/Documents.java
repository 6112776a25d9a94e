package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.StrictJson;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.Redactor;
import dev.dome.security.Redactor.Finding;
import dev.dome.security.Redactor.Redaction;
import dev.dome.web.ProblemException;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Bytes from outside to a tree that may be stored: strictly parsed, fitting its schema, its secrets
 * taken out. What does not pass ends as a {@link ProblemException}.
 */
@Singleton
final class Documents {
  private static final byte[] NOTHING = {};

  private final SchemaCatalog schemas;
  private final Redactor redactor;

  Documents(SchemaCatalog schemas, Redactor redactor) {
    this.schemas = schemas;
    this.redactor = redactor;
  }

  /** Strict JSON whose root is an object. */
  ObjectNode object(byte[] body) {
    if (parsed(body) instanceof ObjectNode object) {
      return object;
    }
    throw Problems.violation("", "SCHEMA.TYPE", "expected a JSON object");
  }

  /** Strict JSON whose root is an array of so many elements. */
  ArrayNode array(byte[] body, int min, int max) {
    if (!(parsed(body) instanceof ArrayNode array)) {
      throw Problems.violation("", "SCHEMA.TYPE", "expected a JSON array");
    }
    if (array.size() < min || array.size() > max) {
      throw Problems.violation(
          "", "SCHEMA.ITEMS", "expected " + min + " to " + max + " elements but " + array.size());
    }
    return array;
  }

  private static JsonNode parsed(byte[] body) {
    return switch (StrictJson.parse(body == null ? NOTHING : body)) {
      case StrictJson.Result.Parsed(JsonNode tree) -> tree;
      case StrictJson.Result.Refused refused ->
          throw Problems.of(
              refused.reasonCode(),
              "The body is not acceptable JSON; errors names the place.",
              refused.problems());
    };
  }

  /** The document when it fits the schema; not redacted yet. */
  ObjectNode fitting(String schemaName, ObjectNode document) {
    List<FieldError> errors = schemas.validate(schemaName, document);
    if (!errors.isEmpty()) {
      throw Problems.violation(errors);
    }
    return document;
  }

  /** The document without secrets; one in a field that steers execution is refused. */
  ObjectNode redacted(ObjectNode document) {
    Redaction redaction = redactor.redact(document);
    if (redaction.mustRefuse()) {
      ReasonCode code = new ReasonCode("REDACTION.SECRET_IN_STEERING_FIELD");
      throw Problems.of(
          code,
          "A field that steers execution holds what looks like a secret; pass a reference instead.",
          redaction.steering().stream().map(finding -> fieldError(code, finding)).toList());
    }
    return (ObjectNode) redaction.tree();
  }

  /** A record of a tree that fits its schema; what the schema leaves open is refused here. */
  static <T> T read(JsonNode tree, Class<T> type) {
    try {
      return Json.read(tree, type);
    } catch (IllegalArgumentException e) {
      throw Problems.violation("", "SCHEMA.VIOLATION", "expected " + type.getSimpleName());
    }
  }

  /** A reason_code that is not in the catalog is an error and never passed on. */
  static void requireKnownReason(JsonNode document) {
    requireKnownReason(document, "");
  }

  /**
   * As {@link #requireKnownReason(JsonNode)}.
   *
   * @param at the JSON pointer of the document in its body
   */
  static void requireKnownReason(JsonNode document, String at) {
    JsonNode code = document.path("reason_code");
    if (code.isTextual()
        && !(ReasonCode.PATTERN.matcher(code.textValue()).matches()
            && ReasonCodes.standard().contains(new ReasonCode(code.textValue())))) {
      throw Problems.violation(
          at + "/reason_code", "REASON.UNKNOWN", "expected a code of the reason-code catalog");
    }
  }

  private static FieldError fieldError(ReasonCode code, Finding finding) {
    return new FieldError(finding.pointer(), code, "matched the rule " + finding.rule());
  }
}
