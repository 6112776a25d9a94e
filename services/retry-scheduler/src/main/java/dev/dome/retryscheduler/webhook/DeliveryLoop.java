package dev.dome.retryscheduler.webhook;

import dev.dome.journal.Rounds;
import dev.dome.retryscheduler.webhook.WebhookStore.Due;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Tells webhooks of what is due for them: one virtual thread takes deliveries, and each is made on
 * one of its own. A webhook holds only so many of those, so a slow receiver holds up itself alone.
 * What a process took that died is taken again after a while; receivers know repeats by their id.
 */
public final class DeliveryLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(DeliveryLoop.class);

  /** Counting walks over every delivery that waits. */
  private static final long SELDOM_MS = 5_000;

  private final WebhookStore store;
  private final Teller teller;
  private final DeliveryPolicy policy;
  private final DeliveryObserver observer;
  private final Clock clock;
  private final Settings settings;
  private final Rounds rounds;
  private final Map<String, Integer> underWay = new HashMap<>();
  private long seldomAtMs;

  /**
   * How it runs.
   *
   * @param sweepMs longest sleep; bounds how late a delivery of another process is noticed
   * @param inFlight attempts under way at a time
   * @param perWebhook of these to one webhook
   * @param leaseMs until a delivery that was taken and not settled is taken again; longer than an
   *     attempt lasts
   * @param roundMs one transaction
   * @param keepMs how long what has ended is kept
   */
  public record Settings(
      long sweepMs, int inFlight, int perWebhook, long leaseMs, long roundMs, long keepMs) {}

  public DeliveryLoop(
      WebhookStore store,
      Teller teller,
      DeliveryPolicy policy,
      DeliveryObserver observer,
      Clock clock,
      Settings settings) {
    this.store = store;
    this.teller = teller;
    this.policy = policy;
    this.observer = observer;
    this.clock = clock;
    this.settings = settings;
    this.rounds = new Rounds("webhook-deliveries", settings.roundMs(), this::round);
  }

  public void start() {
    rounds.start();
  }

  /** A delivery may have been stored. */
  public void wake() {
    rounds.wake();
  }

  /** Whether the loop's thread runs. */
  public boolean running() {
    return rounds.running();
  }

  /** Gives how long to sleep; whatever ends meanwhile wakes the loop. */
  private long round() {
    try {
      seldom();
      int free = settings.inFlight() - total();
      if (free <= 0) {
        return settings.sweepMs();
      }
      long nowMs = clock.millis();
      List<Due> taken =
          await(
              store.take(
                  nowMs, nowMs + settings.leaseMs(), free, settings.perWebhook(), counted()));
      taken.forEach(this::begin);
      return taken.isEmpty() ? untilNextDue() : 0;
    } catch (RuntimeException e) {
      if (!rounds.closed()) {
        observer.failed();
        LOG.warnf(
            "webhook round failed type=%s cause=%s", e.getClass().getSimpleName(), e.getMessage());
      }
      return settings.sweepMs();
    }
  }

  /** What is due even now belongs to a webhook that has as many under way as it may. */
  private long untilNextDue() {
    long dueAtMs = await(store.nextDueAtMs()).orElse(Long.MAX_VALUE);
    long leftMs = dueAtMs - clock.millis();
    return leftMs > 0 ? Math.min(leftMs, settings.sweepMs()) : settings.sweepMs();
  }

  private void begin(Due due) {
    count(due, 1);
    Thread.ofVirtual()
        .name("webhook-delivery")
        .start(() -> {
          try {
            attempt(due);
          } finally {
            count(due, -1);
            wake();
          }
        });
  }

  private void attempt(Due due) {
    long begunMs = clock.millis();
    try {
      Attempted attempted = teller.tell(due);
      long nowMs = clock.millis();
      Verdict verdict = policy.decide(due.deliveryId(), due.attempt(), attempted, nowMs);
      await(store.settle(due, verdict, nowMs));
      observer.attempted(verdict, nowMs - begunMs);
      log(due, verdict);
    } catch (RuntimeException e) {
      // It was not settled, so it is taken again when its lease is over.
      observer.failed();
      LOG.warnf(
          "webhook attempt not settled delivery=%s type=%s cause=%s",
          due.deliveryId(), e.getClass().getSimpleName(), e.getMessage());
    }
  }

  private static void log(Due due, Verdict verdict) {
    switch (verdict) {
      case Verdict.Delivered delivered ->
          LOG.debugf("webhook delivered delivery=%s", due.deliveryId());
      case Verdict.Again again ->
          LOG.infof(
              "webhook attempt failed webhook=%s delivery=%s attempt=%s fault=%s",
              due.webhook().webhookId(),
              due.deliveryId(),
              Integer.toString(due.attempt()),
              again.fault());
      case Verdict.Dead dead ->
          LOG.warnf(
              "webhook delivery given up webhook=%s delivery=%s fault=%s",
              due.webhook().webhookId(), due.deliveryId(), dead.fault());
      case Verdict.Gone gone ->
          LOG.warnf("webhook disabled by its receiver webhook=%s", due.webhook().webhookId());
    }
  }

  private void seldom() {
    long nowMs = clock.millis();
    if (nowMs - seldomAtMs >= SELDOM_MS) {
      observer.counted(await(store.counts()));
      int forgotten = await(store.forget(nowMs - settings.keepMs()));
      LOG.tracef("webhook deliveries forgotten deliveries=%d", forgotten);
      seldomAtMs = nowMs;
    }
  }

  private void count(Due due, int change) {
    synchronized (underWay) {
      underWay.merge(
          due.webhook().webhookId(),
          change,
          (before, by) -> before + by == 0 ? null : Integer.valueOf(before + by));
    }
  }

  private Map<String, Integer> counted() {
    synchronized (underWay) {
      return Map.copyOf(underWay);
    }
  }

  private int total() {
    synchronized (underWay) {
      return underWay.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  private <T> T await(Uni<T> work) {
    return work.await().atMost(Duration.ofMillis(settings.roundMs()));
  }

  /** Stops; attempts under way end with the process and are made again elsewhere. */
  @Override
  public void close() {
    rounds.close();
  }
}
