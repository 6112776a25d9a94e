package dev.dome.ingest.application;

import dev.dome.contracts.id.Sha256;

/**
 * What is known of stored content; stored beside it.
 *
 * @param bytes its size
 * @param storedAt RFC 3339 UTC, when it was first uploaded
 */
public record Evidence(
    Sha256 sha256, long bytes, MediaType mediaType, Redaction redaction, String storedAt) {

  /** What was done about secrets. Content is never rewritten: its digest is its name. */
  public enum Redaction {
    /** It is text and no rule found a secret in it. */
    CHECKED,
    /** It is no text and was not looked at. */
    OPAQUE
  }
}
