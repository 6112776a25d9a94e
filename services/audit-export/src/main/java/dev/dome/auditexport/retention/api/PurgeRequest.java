package dev.dome.auditexport.retention.api;

/**
 * What is to be purged.
 *
 * @param month such as 2026-11
 * @param reason why, 1 to 500 characters; goes on every tombstone
 * @param authority by whose order, 1 to 500 characters; likewise
 */
public record PurgeRequest(String retentionClass, String month, String reason, String authority) {}
