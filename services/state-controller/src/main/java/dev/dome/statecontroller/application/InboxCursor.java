package dev.dome.statecontroller.application;

/**
 * How far a lane's inbox has been applied.
 *
 * @param incarnation names one life of the stream; sequences of another life mean nothing here
 * @param sequence of the last applied message, 0 for none
 */
public record InboxCursor(String incarnation, long sequence) {
  public static final InboxCursor START = new InboxCursor("", 0);

  /** Whether a message at the place has been applied already. */
  boolean covers(String messageIncarnation, long messageSequence) {
    return incarnation.equals(messageIncarnation) && messageSequence <= sequence;
  }
}
