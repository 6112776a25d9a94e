package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * What a circuit breaker of a namespace guards: {@code queue:<name>}, or {@code key:<text>} for a
 * key that tasks name.
 */
public record BreakerKey(@JsonValue String value) implements Comparable<BreakerKey> {
  public static final Pattern PATTERN = Pattern.compile("(?s)(queue|key):.{1,256}");

  private static final int MAX_TEXT = 256;
  private static final String QUEUE = "queue:";
  private static final String KEY = "key:";

  @JsonCreator
  public BreakerKey {
    Identifiers.require(PATTERN, value, "BreakerKey");
  }

  public static BreakerKey ofQueue(QueueName queue) {
    return new BreakerKey(QUEUE + queue);
  }

  /** A text too long for an index stands under its hash. */
  public static BreakerKey ofKey(String text) {
    return new BreakerKey(
        KEY + (text.length() <= MAX_TEXT ? text : "sha256~" + Identifiers.hash32(text)));
  }

  public boolean isQueue() {
    return value.startsWith(QUEUE);
  }

  /** The queue's name, or the text of the key. */
  public String text() {
    return value.substring(value.indexOf(':') + 1);
  }

  @Override
  public int compareTo(BreakerKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
