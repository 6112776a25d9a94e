package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The identity of one accepted submission: 32 hex digits, the head of SHA-256 over namespace, run
 * id and submission id. It outlives the run id, which may be used again after the retention
 * horizon.
 */
public record RunUid(@JsonValue String value) implements Comparable<RunUid> {
  public static final Pattern PATTERN = Pattern.compile("[0-9a-f]{32}");

  @JsonCreator
  public RunUid {
    Identifiers.require(PATTERN, value, "RunUid");
  }

  public static RunUid derive(NamespaceId namespace, RunId runId, String submissionId) {
    return new RunUid(Identifiers.hash32("run", namespace.value(), runId.value(), submissionId));
  }

  /** The id of the event at a sequence of this run: {@code evt-} and 32 hex digits. */
  public String eventId(long sequence) {
    return "evt-" + Identifiers.hash32("event", value, Long.toString(sequence));
  }

  /** A W3C trace-context span id for the event at a sequence of this run: 16 hex digits. */
  public String spanId(long sequence) {
    return Identifiers.hash32("span", value, Long.toString(sequence)).substring(0, 16);
  }

  @Override
  public int compareTo(RunUid other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
