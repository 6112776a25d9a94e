package dev.dome.auditexport.retention;

/**
 * How long records are kept.
 *
 * @param days after the month of a run's first record, and after its last one; null for ever
 */
public record RetentionClass(String name, Integer days) {}
