package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.Lane;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which message of which inbox was set aside: lane, sequence and incarnation of DOME_INBOX, joined
 * by hyphens.
 *
 * @param incarnation when the stream was made, RFC 3339
 */
public record PoisonId(Lane lane, String incarnation, long sequence) {
  private static final Pattern FORM =
      Pattern.compile("(0|[1-9][0-9]{0,3})-(0|[1-9][0-9]{0,17})-([0-9A-Za-z:.+_-]{1,64})");

  /** The id of a text, if it is one. */
  public static Optional<PoisonId> of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new PoisonId(
                new Lane(Integer.parseInt(matcher.group(1))),
                matcher.group(3),
                Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return lane.number() + "-" + sequence + "-" + incarnation;
  }
}
