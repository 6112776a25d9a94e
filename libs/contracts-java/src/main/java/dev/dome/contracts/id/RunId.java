package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The name a run is known by, unique within its namespace for the retention horizon. */
public record RunId(@JsonValue String value) implements Comparable<RunId> {
  public static final Pattern PATTERN = Pattern.compile("[a-z0-9][a-z0-9._-]{2,127}");

  @JsonCreator
  public RunId {
    Identifiers.require(PATTERN, value, "RunId");
  }

  @Override
  public int compareTo(RunId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
