package dev.dome.contracts.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import java.nio.charset.StandardCharsets;

/**
 * One message of DOME_INBOX, on the subject of its lane. Everything that must not be lost enters
 * this way.
 *
 * @param operationId UUIDv7 text, made by the sender; names the operation URL and the submission
 * @param runId absent for messages about an attempt, unless the sender says of which run it must be
 * @param attemptId absent for messages about a run
 * @param receivedAtMs epoch milliseconds at the sender; informative, decisions use the writer's
 *     clock
 * @param traceparent W3C trace context, or null
 * @param replyTo core-NATS subject that awaits the {@link Outcome}, or null
 * @param body by kind: the submission, the result, the comment; see each service's handler
 */
public record InboxMessage(
    String operationId,
    InboxKind kind,
    NamespaceId namespace,
    RunId runId,
    AttemptId attemptId,
    Actor actor,
    IdempotencyKey idempotency,
    long receivedAtMs,
    String traceparent,
    String replyTo,
    JsonNode body) {

  /** The same message in another span of its trace. */
  public InboxMessage within(String otherTraceparent) {
    return new InboxMessage(
        operationId,
        kind,
        namespace,
        runId,
        attemptId,
        actor,
        idempotency,
        receivedAtMs,
        otherTraceparent,
        replyTo,
        body);
  }

  /**
   * The row a repeat is recognised by, together with namespace and principal.
   *
   * @param operation what the key was used for, such as {@code runs.submit}
   * @param bodyHmac keyed HMAC-SHA-256 of the raw body, hex
   * @param hmacKeyId which key made it
   * @param derived whether the sender made the key from what the message is about. Only an accepted
   *     answer binds such a key, so that a corrected body may follow a rejection; a key that the
   *     client chose is bound by its first answer, a rejection included
   */
  public record IdempotencyKey(
      String operation, String key, String bodyHmac, String hmacKeyId, boolean derived) {

    /** What the key is known by where the key itself is not shown. */
    public String fingerprint() {
      return fingerprint(operation, key);
    }

    /** SHA-256 in hexadecimal of the operation's name, a line feed and the key, in UTF-8. */
    public static String fingerprint(String operation, String key) {
      return CanonicalJson.sha256((operation + '\n' + key).getBytes(StandardCharsets.UTF_8));
    }

    /** Equal for equal bodies under one HMAC key; tells nobody more about a body. */
    public String bodyFingerprint() {
      return fingerprint(hmacKeyId, bodyHmac);
    }
  }
}
