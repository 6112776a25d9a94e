package dev.dome.messaging;

/**
 * How far a lane's inbox has been applied.
 *
 * @param incarnation of the stream, empty when nothing was ever applied
 * @param sequence stream sequence of the last message applied, 0 for none
 */
public record InboxPosition(String incarnation, long sequence) {
  public static final InboxPosition START = new InboxPosition("", 0);
}
