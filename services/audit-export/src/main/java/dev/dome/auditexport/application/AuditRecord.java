package dev.dome.auditexport.application;

/**
 * One entry in the order of the log.
 *
 * @param logIndex from 0, gapless in this copy of the log; the entry's own identity is its place in
 *     the journal or in DOME_ACCESS
 */
public record AuditRecord(long logIndex, AuditEntry entry) {}
