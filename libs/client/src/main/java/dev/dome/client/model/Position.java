package dev.dome.client.model;

/** A point in a run's history; a read that asks for it sees at least this much. */
public record Position(String runId, long sequence) {}
