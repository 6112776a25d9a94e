package dev.dome.retryscheduler.webhook.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.StrictJson;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.web.ProblemException;
import java.util.List;

/** Bytes from outside to what a webhook is wanted to be. */
final class WebhookBodies {
  private static final byte[] NOTHING = {};

  private WebhookBodies() {}

  /**
   * Strict JSON that fits its schema.
   *
   * @throws ProblemException when it is not
   */
  static JsonNode read(byte[] body) {
    return switch (StrictJson.parse(body == null ? NOTHING : body)) {
      case StrictJson.Result.Parsed(JsonNode tree) -> fitting(tree);
      case StrictJson.Result.Refused refused ->
          throw refused(
              refused.reasonCode(),
              "The body is not acceptable JSON; errors names the place.",
              refused.problems());
    };
  }

  private static JsonNode fitting(JsonNode tree) {
    List<FieldError> errors = SchemaCatalog.standard().validate(SchemaNames.WEBHOOK_REQUEST, tree);
    if (errors.isEmpty()) {
      return tree;
    }
    ReasonCode first = errors.getFirst().reasonCode();
    boolean common = errors.stream().allMatch(error -> error.reasonCode().equals(first));
    throw refused(
        common ? first : new ReasonCode("SCHEMA.VIOLATION"),
        "The body does not fit its schema; errors names the places.",
        errors);
  }

  /** One field that fits the schema and cannot be taken all the same. */
  static ProblemException refused(String pointer, String code, String expected) {
    ReasonCode reasonCode = new ReasonCode(code);
    return refused(
        reasonCode,
        "The webhook cannot be made as it is asked for; errors names the place.",
        List.of(new FieldError(pointer, reasonCode, expected)));
  }

  private static ProblemException refused(ReasonCode code, String detail, List<FieldError> errors) {
    return ProblemException.of(ReasonCodes.standard().get(code).httpStatus(), code, detail, errors);
  }
}
