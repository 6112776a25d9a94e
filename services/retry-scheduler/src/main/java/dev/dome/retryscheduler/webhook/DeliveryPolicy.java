package dev.dome.retryscheduler.webhook;

import dev.dome.kernel.PolicySet;
import dev.dome.kernel.RetryPolicy;
import dev.dome.retryscheduler.webhook.Delivery.Fault;

/**
 * What follows from the answers of receivers: 2xx is delivered, 410 is for ever, and everything
 * else is tried again with the delays of {@link RetryPolicy} until the attempts are spent.
 *
 * @param retry attempts and delays
 */
public record DeliveryPolicy(PolicySet.Retry retry) {
  private static final int GONE = 410;

  /**
   * Decides.
   *
   * @param attempt which one it was, from 1
   * @param nowMs epoch milliseconds
   */
  public Verdict decide(String deliveryId, int attempt, Attempted attempted, long nowMs) {
    return switch (attempted) {
      case Attempted.Answered(int status, Long after) when status >= 200 && status < 300 ->
          new Verdict.Delivered(status);
      case Attempted.Answered(int status, Long after) when status == GONE ->
          new Verdict.Gone(status);
      case Attempted.Answered(int status, Long after) ->
          failed(deliveryId, attempt, Fault.REFUSED, status, after, nowMs);
      case Attempted.Failed(Fault fault) -> failed(deliveryId, attempt, fault, null, null, nowMs);
    };
  }

  private Verdict failed(
      String deliveryId,
      int attempt,
      Fault fault,
      Integer httpStatus,
      Long retryAfterMs,
      long nowMs) {
    if (!RetryPolicy.mayRetry(retry, attempt)) {
      return new Verdict.Dead(fault, httpStatus);
    }
    // A receiver may ask for more patience than the policy has, but not for more than its cap.
    Long floorMs = retryAfterMs == null ? null : Math.min(retryAfterMs, retry.capDelayMs());
    long delayMs = RetryPolicy.delayMs(retry, deliveryId + ":" + attempt, attempt, floorMs);
    return new Verdict.Again(fault, httpStatus, nowMs + delayMs);
  }
}
