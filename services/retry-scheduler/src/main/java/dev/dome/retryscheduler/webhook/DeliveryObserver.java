package dev.dome.retryscheduler.webhook;

/** Hears of what the telling of events does. */
public interface DeliveryObserver {
  /** An attempt ended. */
  void attempted(Verdict verdict, long tookMs);

  /** A round failed and is tried again. */
  void failed();

  /** What there is now. */
  void counted(WebhookStore.Counts counts);
}
