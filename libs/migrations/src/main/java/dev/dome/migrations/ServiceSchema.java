package dev.dome.migrations;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A schema and the one role that may use it. */
public enum ServiceSchema {
  STATE_CONTROLLER,
  RETRY_SCHEDULER,
  PROVENANCE,
  /** What is recorded is never changed or removed, not even by the service. */
  AUDIT_EXPORT;

  /**
   * The tables whose rows the role may update; it may delete from none and only add to the others.
   * Empty for a schema whose role may do all that with every row.
   */
  public Optional<List<String>> appendOnlyExcept() {
    return switch (this) {
      case STATE_CONTROLLER, RETRY_SCHEDULER, PROVENANCE -> Optional.empty();
      case AUDIT_EXPORT -> Optional.of(List.of("lane_cursor", "access_cursor", "log_head"));
    };
  }

  /** Also the folder of its migrations below {@code db/}. */
  public String schema() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String role() {
    return "dome_" + schema();
  }
}
