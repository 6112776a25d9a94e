package dev.dome.contracts.artifact;

/** W3C trace-context ids: 32 and 16 lower-case hex digits. */
public record TelemetryRef(String traceIdHex, String spanIdHex) {}
