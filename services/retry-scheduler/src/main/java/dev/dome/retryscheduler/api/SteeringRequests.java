package dev.dome.retryscheduler.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.StrictJson;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.kernel.BreakerSteering;
import dev.dome.retryscheduler.application.BreakerOrder;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import java.util.List;

/**
 * Reads what operators ask of breakers: the operator request of ssot, strictly parsed, secrets
 * taken out of its comment.
 */
final class SteeringRequests {
  private static final byte[] NOTHING = {};
  private static final int MAX_COMMENT_CHARS = 4_096;
  private static final ReasonCodes CATALOG = ReasonCodes.standard();
  private static final Redactor REDACTOR = PatternRedactor.standard();
  private static final ReasonCode VIOLATION = new ReasonCode("SCHEMA.VIOLATION");
  private static final ReasonCode UNKNOWN_REASON = new ReasonCode("REASON.UNKNOWN");

  private SteeringRequests() {}

  /** The body of a request. */
  private record Body(String reasonCode, String comment) {}

  /**
   * The order that a request stands for.
   *
   * @param idempotencyKey the header, or null
   * @param bytes the body, or null
   * @throws ProblemException for a body that does not fit
   */
  static BreakerOrder order(
      NamespaceId namespace,
      BreakerKey key,
      BreakerSteering.Action action,
      String actor,
      String idempotencyKey,
      byte[] bytes) {
    Body body = body(bytes);
    return new BreakerOrder(
        namespace,
        key,
        action,
        actor,
        reason(body.reasonCode(), action),
        comment(body.comment()),
        RequestValues.idempotencyKey(idempotencyKey));
  }

  private static Body body(byte[] bytes) {
    JsonNode tree =
        switch (StrictJson.parse(bytes == null ? NOTHING : bytes)) {
          case StrictJson.Result.Parsed(JsonNode parsed) -> parsed;
          case StrictJson.Result.Refused refused ->
              throw refused(
                  refused.reasonCode(), "The body is not acceptable JSON.", refused.problems());
        };
    if (!(tree instanceof ObjectNode)) {
      throw violation("", "expected a JSON object");
    }
    try {
      return Json.read(tree, Body.class);
    } catch (IllegalArgumentException e) {
      throw violation("", "expected reason_code and comment as texts, each optional, and no more");
    }
  }

  private static ReasonCode reason(String text, BreakerSteering.Action action) {
    if (text == null) {
      return switch (action) {
        case PAUSED -> new ReasonCode("OPERATOR.PAUSED");
        case RESUMED -> new ReasonCode("OPERATOR.RESUMED");
      };
    }
    if (!ReasonCode.PATTERN.matcher(text).matches() || !CATALOG.contains(new ReasonCode(text))) {
      throw refused(
          UNKNOWN_REASON,
          "The body does not fit; errors names the places.",
          List.of(
              new FieldError(
                  "/reason_code", UNKNOWN_REASON, "expected a code of the reason-code catalog")));
    }
    return new ReasonCode(text);
  }

  private static String comment(String text) {
    if (text == null) {
      return null;
    }
    if (text.length() > MAX_COMMENT_CHARS) {
      throw violation("/comment", "expected at most " + MAX_COMMENT_CHARS + " characters");
    }
    return REDACTOR.redactText(text).text();
  }

  private static ProblemException violation(String pointer, String detail) {
    return refused(
        VIOLATION,
        "The body does not fit; errors names the places.",
        List.of(new FieldError(pointer, VIOLATION, detail)));
  }

  private static ProblemException refused(ReasonCode code, String detail, List<FieldError> errors) {
    return ProblemException.of(CATALOG.get(code).httpStatus(), code, detail, errors);
  }
}
