package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A task of a run, unique within the run. */
public record TaskId(@JsonValue String value) implements Comparable<TaskId> {
  public static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,159}");

  @JsonCreator
  public TaskId {
    Identifiers.require(PATTERN, value, "TaskId");
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
