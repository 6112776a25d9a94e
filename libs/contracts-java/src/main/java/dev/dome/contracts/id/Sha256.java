package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The name of content: SHA-256 over its bytes as 64 lower-case hex digits. */
public record Sha256(@JsonValue String value) implements Comparable<Sha256> {
  public static final Pattern PATTERN = Pattern.compile("[0-9a-f]{64}");

  @JsonCreator
  public Sha256 {
    Identifiers.require(PATTERN, value, "Sha256");
  }

  @Override
  public int compareTo(Sha256 other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
