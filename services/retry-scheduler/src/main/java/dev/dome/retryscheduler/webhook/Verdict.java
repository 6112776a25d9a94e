package dev.dome.retryscheduler.webhook;

import dev.dome.retryscheduler.webhook.Delivery.Fault;

/**
 * What follows from an attempt. In all of them {@code httpStatus} is null when there was no answer.
 */
public sealed interface Verdict {
  /** It is done. */
  record Delivered(Integer httpStatus) implements Verdict {}

  /**
   * It is tried again.
   *
   * @param dueAtMs epoch milliseconds
   */
  record Again(Fault fault, Integer httpStatus, long dueAtMs) implements Verdict {}

  /** It is given up, and stays to be seen and asked for again. */
  record Dead(Fault fault, Integer httpStatus) implements Verdict {}

  /** Its webhook is told nothing any more, and all that waits for it is given up. */
  record Gone(Integer httpStatus) implements Verdict {}
}
