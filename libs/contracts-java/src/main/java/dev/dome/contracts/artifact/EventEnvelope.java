package dev.dome.contracts.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.RunId;

/**
 * The {@code event.envelope} artifact (v0.2).
 *
 * @param sequence from 1, gapless within a run
 * @param ts RFC 3339 UTC, milliseconds
 */
public record EventEnvelope(
    String schemaVersion,
    long sequence,
    String eventId,
    String ts,
    String topic,
    RunId runId,
    JsonNode payload) {
  public static final String SCHEMA_VERSION = "dome.event.envelope/v0.2";
}
