package dev.dome.web.access;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.contracts.wire.AccessDecision.Effect;
import dev.dome.security.AccessPolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Gathers access decisions and hands them on in batches, beside the requests. Recording never waits
 * and never fails: when the stream is away for longer than the queue lasts, decisions are lost and
 * counted in {@code dome.access.lost}.
 */
@Singleton
public final class AccessLog {
  private static final Logger LOG = Logger.getLogger(AccessLog.class);
  private static final int QUEUE = 10_000;
  private static final int BATCH = 200;
  private static final long GATHER_MS = 250;
  private static final long RETRY_MS = 500;
  private static final long LAST_WORDS_MS = 1_000;

  private final AccessSink sink;
  private final String service;
  private final AnonymousDenials anonymous;
  private final BlockingQueue<AccessDecision> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Counter recorded;
  private final Counter lost;
  private final Thread thread = Thread.ofVirtual().name("access-log").unstarted(this::run);
  private volatile boolean closed;

  AccessLog(
      AccessSink sink,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.application.name") String application,
      @ConfigProperty(name = "dome.access.anonymous-window", defaultValue = "60s")
          Duration window) {
    this.sink = sink;
    this.anonymous = new AnonymousDenials(window);
    this.service = application.replaceFirst("^dome-", "");
    this.recorded =
        Counter.builder("dome.access.recorded")
            .description("Access decisions that the stream has")
            .register(registry);
    this.lost =
        Counter.builder("dome.access.lost")
            .description("Access decisions that reached no stream")
            .register(registry);
  }

  void start(@Observes StartupEvent event) {
    thread.start();
  }

  /** What was decided until now goes out, if the stream answers within a second. */
  void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event)
      throws InterruptedException {
    closed = true;
    thread.join(LAST_WORDS_MS);
    thread.interrupt();
  }

  /** The subject may; recorded where the access table says that its operation is. */
  public void allowed(String subject, Asked asked) {
    if (AccessPolicy.recordsAllow(asked.operation())) {
      offer(decision(Effect.ALLOW, subject, asked, null));
    }
  }

  /**
   * Notes who asks in the current trace, for an administrative act whose end another thread sees.
   *
   * @return to be told once, when the change is stored
   */
  public Consumer<Change> changed(String subject, Asked asked) {
    AccessDecision begun = decision(Effect.ALLOW, subject, asked, null);
    return change -> offer(SafeChanges.done(begun, System.currentTimeMillis(), change));
  }

  /** The subject may not. */
  public void denied(String subject, Asked asked, ReasonCode reasonCode) {
    offer(decision(Effect.DENY, subject, asked, reasonCode));
  }

  /** Nobody that dome knows asked, from this network address. */
  public void deniedAnonymous(String source, Asked asked, ReasonCode reasonCode) {
    anonymous.add(System.currentTimeMillis(), source, asked.namespace(), reasonCode);
  }

  private static AccessDecision decision(
      Effect effect, String subject, Asked asked, ReasonCode reasonCode) {
    SpanContext span = Span.current().getSpanContext();
    return new AccessDecision(
        System.currentTimeMillis(),
        effect,
        subject,
        null,
        asked.operation() == null ? null : asked.operation().name(),
        asked.namespace(),
        asked.runId(),
        reasonCode,
        span.isValid() ? span.getTraceId() : null,
        1,
        null);
  }

  private void offer(AccessDecision decision) {
    if (!queue.offer(decision)) {
      lost.increment((double) decision.count());
    }
  }

  private void run() {
    try {
      while (!closed || !queue.isEmpty()) {
        anonymous.before(System.currentTimeMillis()).forEach(this::offer);
        send(gather());
      }
      anonymous.all().forEach(this::offer);
      while (!queue.isEmpty()) {
        send(gather());
      }
    } catch (InterruptedException e) {
      lost.increment((double) count(queue));
    }
  }

  /**
   * Waits for a first decision and a little longer, so that those that come together go together.
   */
  private List<AccessDecision> gather() throws InterruptedException {
    List<AccessDecision> batch = new ArrayList<>();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GATHER_MS);
    long left = GATHER_MS;
    while (batch.size() < BATCH && left > 0 && !(closed && queue.isEmpty())) {
      AccessDecision next = queue.poll(left, TimeUnit.MILLISECONDS);
      if (next != null) {
        batch.add(next);
      }
      left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    }
    return batch;
  }

  private void send(List<AccessDecision> decisions) throws InterruptedException {
    if (decisions.isEmpty()) {
      return;
    }
    AccessBatch batch = new AccessBatch(UUID.randomUUID().toString(), service, decisions);
    try {
      while (!stored(batch)) {
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      }
      recorded.increment((double) count(decisions));
    } catch (InterruptedException e) {
      lost.increment((double) count(decisions));
      throw e;
    }
  }

  private static long count(Collection<AccessDecision> decisions) {
    return decisions.stream().mapToLong(AccessDecision::count).sum();
  }

  private boolean stored(AccessBatch batch) {
    try {
      return sink.publish(batch).toCompletableFuture().join();
    } catch (CompletionException e) {
      LOG.errorf("access decisions not published type=%s", e.getCause().getClass().getSimpleName());
      return false;
    }
  }
}
