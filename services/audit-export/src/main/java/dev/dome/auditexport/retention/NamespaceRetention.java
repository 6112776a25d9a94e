package dev.dome.auditexport.retention;

import dev.dome.contracts.id.NamespaceId;

/**
 * Which class the runs get that begin in a namespace now.
 *
 * @param days of the class; null for ever
 * @param setAtMs null while the namespace has the class of every namespace
 * @param setBy null likewise
 */
public record NamespaceRetention(
    NamespaceId namespace, String retentionClass, Integer days, Long setAtMs, String setBy) {}
