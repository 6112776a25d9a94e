package dev.dome.auditexport.retention.api;

/**
 * What is to be held.
 *
 * @param runId absent holds the whole namespace
 * @param reason why, 1 to 500 characters
 * @param authority by whose order, 1 to 500 characters
 */
public record HoldRequest(String runId, String reason, String authority) {}
