package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A tenant: runs, queues and keys of one namespace are invisible to every other. */
public record NamespaceId(@JsonValue String value) implements Comparable<NamespaceId> {
  public static final Pattern PATTERN = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  @JsonCreator
  public NamespaceId {
    Identifiers.require(PATTERN, value, "NamespaceId");
  }

  @Override
  public int compareTo(NamespaceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
