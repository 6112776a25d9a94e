package dev.dome.migrations;

import java.util.Locale;

/** A schema and the one role that may use it. */
public enum ServiceSchema {
  STATE_CONTROLLER,
  RETRY_SCHEDULER,
  PROVENANCE,
  /** What is recorded is added to, never changed: see {@link AuditPrivileges}. */
  AUDIT_EXPORT;

  /** Also the folder of its migrations below {@code db/}. */
  public String schema() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String role() {
    return "dome_" + schema();
  }
}
