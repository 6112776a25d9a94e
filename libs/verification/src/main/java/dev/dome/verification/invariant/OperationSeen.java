package dev.dome.verification.invariant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/**
 * An operation as its owner lists it: what was asked, and what was answered.
 *
 * @param kind absent for operations of before kinds were kept; nothing else is known of those
 * @param runId the run it names or whose attempt it names
 * @param repeats the operation that used its key first
 * @param status the HTTP status of its answer
 * @param answerSha256 equal for equal answers
 * @param runUid of the run that a submission was answered with
 * @param sequence of the run after it
 */
public record OperationSeen(
    String operationId,
    Optional<String> kind,
    String principal,
    Optional<String> runId,
    Optional<String> repeats,
    Optional<KeyUse> key,
    int status,
    Optional<String> reasonCode,
    String answerSha256,
    Optional<String> runUid,
    Optional<Long> sequence) {

  /**
   * The key an operation was asked under.
   *
   * @param derived whether it was made from the request, so that only an accepted answer binds it
   * @param body equal for equal bodies
   */
  public record KeyUse(String fingerprint, boolean derived, String body) {}

  /** An item of {@code GET /v1/namespaces/{ns}/operations}. */
  public static OperationSeen of(JsonNode item) {
    return new OperationSeen(
        item.path("operation_id").asText(),
        text(item, "kind"),
        item.path("principal").asText(),
        text(item, "run_id"),
        text(item, "repeats"),
        text(item, "key_fingerprint")
            .map(fingerprint ->
                new KeyUse(
                    fingerprint,
                    item.path("key_derived").asBoolean(),
                    item.path("body_fingerprint").asText())),
        item.path("status").asInt(),
        text(item, "reason_code"),
        item.path("answer_sha256").asText(),
        text(item, "run_uid"),
        item.hasNonNull("sequence")
            ? Optional.of(item.path("sequence").asLong())
            : Optional.empty());
  }

  private static Optional<String> text(JsonNode item, String name) {
    return Optional.ofNullable(item.path(name).textValue());
  }

  /** Whether it was done, now or when it was asked for first. */
  public boolean accepted() {
    return status < 300;
  }

  /** Whether it is of a kind that is decided about a run. */
  public boolean isAboutARun() {
    return OperationInvariants.ASKED_FOR.contains(topic());
  }

  /** The topic of the row it writes when it is decided. */
  String topic() {
    return "input." + kind.orElse("").toLowerCase(Locale.ROOT);
  }
}
