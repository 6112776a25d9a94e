package dev.dome.verification.invariant;

import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.SeenAnswer;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of an answers file and what it means.
 *
 * @param asked what kind of thing was asked for
 * @param use what a repeat is recognised by: the operation and the key, empty where there is none
 * @param subject the thing that was asked about, such as an attempt or a digest; may be empty
 */
record AnswerLine(SeenAnswer seen, Asked asked, Optional<Use> use, String subject) {
  private static final Pattern RESOURCE =
      Pattern.compile("/v1/namespaces/[^/?]+/([a-z-]+)(?:/([^/?]+))?(?:/([a-z]+))?(?:\\?.*)?");

  /** A request that may have been stored is not shed. */
  private static final String MAYBE_STORED = "INFRA.NATS_UNAVAILABLE";

  private static final Set<Integer> NOT_KNOWN = Set.of(408, 425, 500, 502, 504);

  /** What kind of thing was asked for. */
  enum Asked {
    SUBMISSION,
    ORDER,
    REPORT,
    CLAIM,
    EVIDENCE,
    OTHER
  }

  /** What the answer says. */
  enum Said {
    ACCEPTED,
    REFUSED,
    SHED,
    UNKNOWN
  }

  /**
   * The use of a key.
   *
   * @param derived whether ingest made the key from the request
   */
  record Use(String operation, String key, boolean derived) {
    String fingerprint() {
      return InboxMessage.IdempotencyKey.fingerprint(operation, key);
    }
  }

  static AnswerLine of(SeenAnswer seen) {
    Matcher resource = RESOURCE.matcher(seen.path());
    if (!resource.matches()) {
      return new AnswerLine(seen, Asked.OTHER, Optional.empty(), "");
    }
    String id = resource.group(2) == null ? "" : resource.group(2);
    String verb = resource.group(3) == null ? "" : resource.group(3);
    return switch (resource.group(1)) {
      case "runs" ->
          id.isEmpty()
              ? line(seen, Asked.SUBMISSION, "runs.submit", "run:" + seen.runId(), "")
              : line(seen, Asked.ORDER, orderTo(verb), null, id);
      case "attempts" ->
          verb.equals("heartbeat")
              ? new AnswerLine(seen, Asked.OTHER, Optional.empty(), id)
              : line(seen, Asked.REPORT, "attempts." + verb, verb + ":" + id, id);
      case "dead-letters" ->
          new AnswerLine(seen, verb.isEmpty() ? Asked.OTHER : Asked.ORDER, Optional.empty(), id);
      case "queues" ->
          new AnswerLine(
              seen, verb.equals("claims") ? Asked.CLAIM : Asked.OTHER, Optional.empty(), id);
      case "evidence" -> new AnswerLine(seen, Asked.EVIDENCE, Optional.empty(), id);
      default -> new AnswerLine(seen, Asked.OTHER, Optional.empty(), id);
    };
  }

  private static String orderTo(String verb) {
    return verb.equals("approval") ? "runs.approve" : "runs." + verb;
  }

  private static AnswerLine line(
      SeenAnswer seen, Asked asked, String operation, String derivedKey, String subject) {
    Optional<Use> use =
        seen.idempotencyKey() != null && asked != Asked.REPORT
            ? Optional.of(new Use(operation, seen.idempotencyKey(), false))
            : Optional.ofNullable(derivedKey).map(key -> new Use(operation, key, true));
    return new AnswerLine(seen, asked, use, subject);
  }

  Said said() {
    Integer status = seen.status();
    if (status == null || NOT_KNOWN.contains(status) || MAYBE_STORED.equals(seen.reasonCode())) {
      return Said.UNKNOWN;
    }
    if (status == 429 || status == 503) {
      return Said.SHED;
    }
    return status < 300 ? Said.ACCEPTED : Said.REFUSED;
  }

  /** Whether an accepted answer stands for an operation, which the record must hold. */
  boolean isOperation() {
    return asked == Asked.SUBMISSION || asked == Asked.ORDER || asked == Asked.REPORT;
  }

  /** Whether the controller decided it, so that a repeat must be answered alike. */
  boolean isDecided() {
    Said said = said();
    return isOperation()
        && seen.operationId() != null
        && (said == Said.REFUSED || (said == Said.ACCEPTED && seen.status() != 202));
  }

  /** What a repeat must be answered with: an accepted body byte by byte, or the reason. */
  String answer() {
    return seen.status() + " " + (seen.status() < 300 ? seen.answerSha256() : seen.reasonCode());
  }

  String place() {
    return seen.namespace() + "/" + (seen.runId() == null ? seen.path() : seen.runId());
  }
}
