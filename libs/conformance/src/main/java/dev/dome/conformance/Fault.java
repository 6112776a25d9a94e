package dev.dome.conformance;

/** What befalls one request instead of the answer that a healthy server gives. */
sealed interface Fault {
  /** The server does what it was asked, and its answer never arrives. */
  record LostAnswer() implements Fault {}

  /**
   * The server does nothing and says why.
   *
   * @param retryAfterSeconds 0 for no such header
   */
  record Refused(int status, String reasonCode, int retryAfterSeconds) implements Fault {}

  /** The server does what it was asked and answers 202: durable, not yet decided. */
  record Undecided() implements Fault {}
}
