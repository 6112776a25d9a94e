package dev.dome.contracts.wire;

import dev.dome.contracts.id.NamespaceId;
import java.util.List;
import java.util.Objects;

/**
 * What one try of a write came to, as whoever sent it saw it: a line of an answers file, described
 * in doc/verification.md. What is not said to be needed is absent where it does not apply.
 *
 * @param at needed; RFC 3339 UTC, when the answer came or was given up
 * @param principal needed; who asked, by the subject of its token
 * @param path needed, as the method; as sent, with its query
 * @param idempotencyKey the client's own
 * @param bodySha256 needed; of the request's body
 * @param claimId of a claim
 * @param status absent when no answer came
 * @param operationId from the answer's header Dome-Operation-Id
 * @param runId that the request or its answer names
 * @param answerSha256 of the answer's body
 * @param granted attempts that the answer gave to a worker
 */
public record SeenAnswer(
    String at,
    NamespaceId namespace,
    String principal,
    String method,
    String path,
    String idempotencyKey,
    String bodySha256,
    String claimId,
    Integer status,
    String operationId,
    String runId,
    String reasonCode,
    String answerSha256,
    List<Granted> granted) {
  public SeenAnswer {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(bodySha256, "body_sha256");
    granted = granted == null ? null : List.copyOf(granted);
  }

  /** An attempt that a worker was given. */
  public record Granted(String runId, String attemptId) {}
}
