package dev.dome.client.model;

import com.fasterxml.jackson.databind.JsonNode;

/** One event of a run's journal. */
public record RunEvent(
    long sequence, String eventId, String ts, String topic, String runId, JsonNode payload) {}
