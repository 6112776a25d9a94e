package dev.dome.auditexport.retention.api;

/**
 * How long what begins from now on is to be kept.
 *
 * @param retentionClass one that there is
 */
public record RetentionRequest(String retentionClass) {}
