package dev.dome.retryscheduler.webhook;

import dev.dome.retryscheduler.webhook.Delivery.Fault;

/** What came of one attempt. */
public sealed interface Attempted {

  /**
   * The receiver answered.
   *
   * @param retryAfterMs how long it wants to be left alone, or null
   */
  record Answered(int status, Long retryAfterMs) implements Attempted {}

  /** There was no answer. */
  record Failed(Fault fault) implements Attempted {}
}
