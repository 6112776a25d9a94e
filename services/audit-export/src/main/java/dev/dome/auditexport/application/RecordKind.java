package dev.dome.auditexport.application;

/** Where a record comes from. */
public enum RecordKind {
  /** A row of a run's journal: an input, or what was derived from it. */
  JOURNAL,
  /** Whether somebody was let do something. */
  ACCESS,
  /** An act on the audit itself: a class or a hold that was set, records that were purged. */
  ADMIN
}
