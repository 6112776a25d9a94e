package dev.dome.retryscheduler.webhook;

import dev.dome.contracts.id.RunId;
import java.util.OptionalLong;

/**
 * One event for one webhook.
 *
 * @param eventId what the receiver knows a repeat by
 * @param runSequence of the event within its run
 * @param attempts taken so far, since it was last asked for
 * @param dueAtMs epoch milliseconds of the next attempt; empty unless it is pending
 * @param last null before the first attempt has ended
 * @param createdAtMs epoch milliseconds
 */
public record Delivery(
    String deliveryId,
    String webhookId,
    String eventId,
    String topic,
    RunId runId,
    long runSequence,
    Status status,
    int attempts,
    OptionalLong dueAtMs,
    LastAttempt last,
    long createdAtMs) {

  /** How far it has come. */
  public enum Status {
    PENDING,
    DELIVERED,
    /** Given up; a redelivery tries it anew. */
    DEAD
  }

  /**
   * How the latest attempt ended.
   *
   * @param fault null when it was delivered
   * @param httpStatus null when there was no answer
   * @param atMs epoch milliseconds
   */
  public record LastAttempt(Fault fault, Integer httpStatus, long atMs) {}

  /** Why an attempt delivered nothing. */
  public enum Fault {
    /** An answer other than 2xx. */
    REFUSED,
    /** 410: the receiver wants nothing any more. */
    GONE,
    /** The URL leads, by now, where dome does not go. */
    URL_FORBIDDEN,
    /** The host has no address. */
    NO_ADDRESS,
    /** No connection, or it was lost; TLS that cannot be trusted among it. */
    NO_CONNECTION,
    /** No answer in time. */
    TIMED_OUT,
    /** The webhook's secret was sealed under another key. */
    SECRET_UNREADABLE
  }
}
