package dev.dome.contracts;

import com.networknt.schema.Error;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.util.Comparator;
import java.util.List;

/** The validator's findings in dome's words. */
final class SchemaErrors {
  private static final Comparator<FieldError> ORDER =
      Comparator.comparing(FieldError::pointer)
          .thenComparing(FieldError::reasonCode)
          .thenComparing(FieldError::detail);

  private SchemaErrors() {}

  static List<FieldError> of(List<Error> errors) {
    return errors.stream().map(SchemaErrors::fieldError).distinct().sorted(ORDER).toList();
  }

  private static FieldError fieldError(Error error) {
    String pointer = error.getInstanceLocation().toString();
    // The validator points at the object; the reader wants the field.
    if (error.getProperty() != null) {
      pointer += "/" + error.getProperty().replace("~", "~0").replace("/", "~1");
    }
    return new FieldError(pointer, new ReasonCode(codeOf(error.getKeyword())), error.getMessage());
  }

  private static String codeOf(String keyword) {
    return switch (keyword) {
      case "required", "dependentRequired" -> "SCHEMA.REQUIRED";
      case "type" -> "SCHEMA.TYPE";
      case "pattern", "propertyNames" -> "SCHEMA.PATTERN";
      case "format" -> "SCHEMA.FORMAT";
      case "enum" -> "SCHEMA.ENUM";
      case "const" -> "SCHEMA.CONST";
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" ->
          "SCHEMA.RANGE";
      case "minLength", "maxLength" -> "SCHEMA.LENGTH";
      case "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "contains" ->
          "SCHEMA.ITEMS";
      case "additionalProperties", "unevaluatedProperties", "false" -> "SCHEMA.UNKNOWN_FIELD";
      case "oneOf", "anyOf", "not" -> "SCHEMA.NO_ALTERNATIVE";
      default -> "SCHEMA.VIOLATION";
    };
  }
}
