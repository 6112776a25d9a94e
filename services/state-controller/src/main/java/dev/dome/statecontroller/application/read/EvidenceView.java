package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.wire.KnownEvidence;
import java.util.Map;

/**
 * One file that an attempt named by its digest; the namespace's {@code evidence/{sha256}} has it.
 *
 * @param attemptId absent when the result was taken over from the run that this one redrives
 * @param workerId absent with it
 * @param sequence of the journal row that names it
 * @param carried true when the result was taken over, else absent
 * @param path as the attempt called it
 * @param bytes its size
 * @param mediaType absent in runs from before it was recorded, like redaction
 * @param redaction CHECKED for text in which no rule found a secret, OPAQUE for what is no text
 */
public record EvidenceView(
    String taskId,
    Integer attempt,
    String attemptId,
    String workerId,
    long sequence,
    Boolean carried,
    String path,
    String sha256,
    Long bytes,
    String mediaType,
    String redaction) {

  /**
   * What an artifact of a result is.
   *
   * @param payload of the row that names it
   */
  static EvidenceView of(
      JsonNode payload,
      long sequence,
      JsonNode artifact,
      Map<String, KnownEvidence> known,
      boolean carried) {
    JsonNode attempt = carried ? payload.path("result").path("attempt") : payload.path("attempt");
    String digest = artifact.path("sha256").asText();
    KnownEvidence fact = known.get(digest);
    return new EvidenceView(
        payload.path("task_id").asText(),
        attempt.isInt() ? attempt.intValue() : null,
        payload.path("attempt_id").textValue(),
        payload.path("worker_id").textValue(),
        sequence,
        carried ? Boolean.TRUE : null,
        artifact.path("path").textValue(),
        digest,
        fact == null ? said(artifact.path("bytes")) : Long.valueOf(fact.bytes()),
        fact == null ? null : fact.mediaType(),
        fact == null ? null : fact.redaction());
  }

  private static Long said(JsonNode bytes) {
    return bytes.isIntegralNumber() ? Long.valueOf(bytes.longValue()) : null;
  }
}
