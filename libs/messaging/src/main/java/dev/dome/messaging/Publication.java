package dev.dome.messaging;

/** What became of a publish. Futures of it never complete exceptionally. */
public sealed interface Publication {

  /**
   * The stream has it on disk.
   *
   * @param sequence in the stream; of the last message for a batch
   */
  record Stored(long sequence) implements Publication {}

  /**
   * Not acknowledged. After TIMED_OUT and UNAVAILABLE it may be stored all the same; repeating is
   * safe because whoever reads recognises repeats.
   */
  record Failed(Cause cause, String detail) implements Publication {}

  /** Why there is no acknowledgement. */
  enum Cause {
    /** The stream has reached max_bytes: shed load until it is trimmed. */
    STREAM_FULL,
    /** Too many publishes are waiting already: shed load. */
    WINDOW_FULL,
    /** No connection, or no JetStream behind it. */
    UNAVAILABLE,
    TIMED_OUT,
    /** The message exceeds what the server takes; repeating is pointless. */
    TOO_LARGE,
    /** The server refused for another reason, given as detail. */
    REFUSED;

    /** Whether 503 with Retry-After is the right answer to a client. */
    public boolean transientCause() {
      return this != TOO_LARGE;
    }
  }

  default boolean stored() {
    return this instanceof Stored;
  }
}
