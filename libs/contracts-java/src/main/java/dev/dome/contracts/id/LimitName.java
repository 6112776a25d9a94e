package dev.dome.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a limit of a namespace bounds: the tasks of a queue ({@code queue:<name>}), those with a
 * concurrency key ({@code key:<text>}), or those that name a rate ({@code rate:<name>}).
 */
public record LimitName(@JsonValue String value) implements Comparable<LimitName> {
  public static final Pattern PATTERN = Pattern.compile("(?s)(queue|key|rate):.{1,256}");

  private static final int MAX_TEXT = 256;
  private static final int MAX_NAMED = 4096;
  private static final String QUEUE = "queue:";
  private static final String KEY = "key:";
  private static final String RATE = "rate:";

  @JsonCreator
  public LimitName {
    Identifiers.require(PATTERN, value, "LimitName");
  }

  public static LimitName ofQueue(QueueName queue) {
    return new LimitName(QUEUE + queue);
  }

  /** A text too long for an index stands under its hash. */
  public static LimitName ofKey(String text) {
    return new LimitName(KEY + bounded(text));
  }

  /** As {@link #ofKey} for a rate that tasks name. */
  public static LimitName ofRate(String text) {
    return new LimitName(RATE + bounded(text));
  }

  /**
   * The limit that a person names, whose text may be longer than what is stored; empty when it is
   * none of the three.
   */
  public static Optional<LimitName> named(String text) {
    String name = text.substring(text.indexOf(':') + 1);
    if (name.isEmpty() || name.length() > MAX_NAMED || name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    if (text.startsWith(QUEUE)) {
      return QueueName.PATTERN.matcher(name).matches()
          ? Optional.of(ofQueue(new QueueName(name)))
          : Optional.empty();
    }
    if (text.startsWith(KEY)) {
      return Optional.of(ofKey(name));
    }
    return text.startsWith(RATE) ? Optional.of(ofRate(name)) : Optional.empty();
  }

  private static String bounded(String text) {
    return text.length() <= MAX_TEXT ? text : "sha256~" + Identifiers.hash32(text);
  }

  public boolean isQueue() {
    return value.startsWith(QUEUE);
  }

  public boolean isKey() {
    return value.startsWith(KEY);
  }

  public boolean isRate() {
    return value.startsWith(RATE);
  }

  /** What is named: a queue, a concurrency key or a rate. */
  public String text() {
    return value.substring(value.indexOf(':') + 1);
  }

  @Override
  public int compareTo(LimitName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
