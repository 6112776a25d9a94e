package dev.dome.auditexport.retention.api;

/**
 * Letting a hold go.
 *
 * @param reason why, 1 to 500 characters
 */
public record ReleaseRequest(String reason) {}
