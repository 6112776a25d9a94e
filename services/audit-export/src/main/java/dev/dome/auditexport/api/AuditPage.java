package dev.dome.auditexport.api;

/** Records of the log, in the shape that was asked for. */
public sealed interface AuditPage permits RecordPage, OcsfPage {}
