package dev.dome.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How many days the audit keeps the records of each retention class. Who may migrate the database
 * says so, and nobody else: a service could give no number that its own database would not refuse.
 *
 * @param days by name of the class; empty keeps for ever. A class that is not named stays as it is
 */
public record RetentionClasses(Map<String, Optional<Integer>> days) {
  private static final String VARIABLE = "DOME_AUDIT_RETENTION_CLASSES";
  private static final String FOR_EVER = "forever";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,30}");
  private static final Pattern DAYS = Pattern.compile("[1-9][0-9]{0,4}");
  private static final int MOST_DAYS = 36_500;

  /** Acts of administration, tombstones among them, have a class of their own that never ends. */
  private static final String RESERVED = "administration";

  public RetentionClasses {
    days = Map.copyOf(days);
  }

  /**
   * From {@code DOME_AUDIT_RETENTION_CLASSES}, such as {@code standard=forever,short=30}; none
   * without it, so that nothing ever ends by default.
   *
   * @throws IllegalArgumentException when it has another form
   */
  public static RetentionClasses of(Map<String, String> environment) {
    Map<String, Optional<Integer>> days = new TreeMap<>();
    String text = environment.getOrDefault(VARIABLE, "").strip();
    for (String entry : text.isEmpty() ? new String[0] : text.split("\\s*,\\s*", -1)) {
      String[] parts = entry.split("=", 2);
      if (parts.length != 2
          || !NAME.matcher(parts[0]).matches()
          || parts[0].equals(RESERVED)
          || days.put(parts[0], days(parts[1])) != null) {
        throw refused(entry);
      }
    }
    return new RetentionClasses(days);
  }

  private static Optional<Integer> days(String text) {
    if (text.equals(FOR_EVER)) {
      return Optional.empty();
    }
    if (!DAYS.matcher(text).matches() || Integer.parseInt(text) > MOST_DAYS) {
      throw refused(text);
    }
    return Optional.of(Integer.parseInt(text));
  }

  private static IllegalArgumentException refused(String entry) {
    return new IllegalArgumentException(
        "expected "
            + VARIABLE
            + " to be like standard=forever,short=30 with each class once and days up to "
            + MOST_DAYS
            + " but it holds "
            + entry);
  }

  /** Sets them; what is set already changes nothing. */
  void apply(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT audit_export.set_class(?, ?)")) {
      for (var entry : new TreeMap<>(days).entrySet()) {
        statement.setString(1, entry.getKey());
        if (entry.getValue().isPresent()) {
          statement.setInt(2, entry.getValue().get());
        } else {
          statement.setNull(2, Types.INTEGER);
        }
        statement.execute();
      }
    }
  }
}
