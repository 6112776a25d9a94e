package dev.dome.auditexport.application;

/** Where a record comes from. */
public enum RecordKind {
  /** A row of a run's journal: an input, or what was derived from it. */
  JOURNAL,
  /** Whether somebody was let do something. */
  ACCESS
}
