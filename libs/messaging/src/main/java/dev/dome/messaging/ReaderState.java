package dev.dome.messaging;

/** What a reader is doing, for health checks. */
public sealed interface ReaderState {
  record Opening() implements ReaderState {}

  record Reading() implements ReaderState {}

  /**
   * The last attempt failed and another one follows.
   *
   * @param cause type of the failure
   */
  record Retrying(String cause) implements ReaderState {}

  record Closed() implements ReaderState {}
}
