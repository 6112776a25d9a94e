package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A reason code, {@code AREA.NAME}; which ones exist is the catalog's to say. */
public record ReasonCode(@JsonValue String value) implements Comparable<ReasonCode> {
  public static final Pattern PATTERN = Pattern.compile("[A-Z]+(\\.[A-Z0-9_]+)+");

  @JsonCreator
  public ReasonCode {
    Identifiers.require(PATTERN, value, "ReasonCode");
  }

  /** Whether the code itself says that trying again may help. */
  public boolean isTransient() {
    return value.startsWith("TRANSIENT.");
  }

  @Override
  public int compareTo(ReasonCode other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
