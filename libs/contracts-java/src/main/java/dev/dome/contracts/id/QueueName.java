package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The queue a task waits in and a worker claims from. */
public record QueueName(@JsonValue String value) implements Comparable<QueueName> {
  public static final Pattern PATTERN = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  @JsonCreator
  public QueueName {
    Identifiers.require(PATTERN, value, "QueueName");
  }

  @Override
  public int compareTo(QueueName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
