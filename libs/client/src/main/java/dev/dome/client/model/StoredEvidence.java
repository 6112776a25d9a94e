package dev.dome.client.model;

/**
 * Evidence as the server keeps it.
 *
 * @param sha256 its name: SHA-256 over its bytes, 64 hex digits
 * @param bytes its size
 * @param redaction CHECKED when it is text in which no secret was found, OPAQUE for other content
 * @param storedAt RFC 3339 UTC, when it was first uploaded
 */
public record StoredEvidence(
    String sha256, long bytes, String mediaType, String redaction, String storedAt) {}
