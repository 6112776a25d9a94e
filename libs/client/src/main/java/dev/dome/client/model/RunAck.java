package dev.dome.client.model;

/** The answer to a submission or to a command about a run. */
public record RunAck(
    String runId,
    String runUid,
    String namespace,
    RunStatus status,
    boolean paused,
    Position position) {}
