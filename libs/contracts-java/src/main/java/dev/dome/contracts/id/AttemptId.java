package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * One grant of one task to one worker: {@code att-LLLL-} and 32 hex digits, where LLLL is the lane
 * in hex, so that a report about an attempt finds its lane without a look-up.
 */
public record AttemptId(@JsonValue String value) implements Comparable<AttemptId> {
  public static final Pattern PATTERN = Pattern.compile("att-[0-9a-f]{4}-[0-9a-f]{32}");

  @JsonCreator
  public AttemptId {
    Identifiers.require(PATTERN, value, "AttemptId");
  }

  /** The id of the attempt whose task.claimed event has the given sequence in its run. */
  public static AttemptId derive(Lane lane, RunUid runUid, long claimedSequence) {
    String hash = Identifiers.hash32("attempt", runUid.value(), Long.toString(claimedSequence));
    return new AttemptId("att-%04x-%s".formatted(lane.number(), hash));
  }

  public Lane lane() {
    return new Lane(Integer.parseInt(value, 4, 8, 16));
  }

  @Override
  public int compareTo(AttemptId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
