package dev.dome.web.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.AccessDecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Requests are refused on many threads while one hands decisions on to a stream that fails now and
 * then: each is stored, whichever batch it came into, and a batch that comes again is the same.
 */
class AccessLogRaceTest {
  private static final int THREADS = 4;
  private static final int DENIALS_OF_EACH = 1_000;
  private static final ReasonCode REASON = new ReasonCode("AUTH.FORBIDDEN");
  private static final Asked ASKED = new Asked(null, new NamespaceId("x"), null);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Map<String, AccessBatch> stored = new HashMap<>();
  private int published;

  @Test
  void every_decision_is_handed_on_once() throws Exception {
    AccessLog log = new AccessLog(this::publish, registry, "dome-test", Duration.ofMillis(20));
    log.start(new StartupEvent());
    CountDownLatch done = new CountDownLatch(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      String subject = "subject-" + thread;
      Thread.ofPlatform()
          .start(() -> {
            for (int i = 0; i < DENIALS_OF_EACH; i++) {
              log.denied(subject, ASKED, REASON);
              log.deniedAnonymous("192.0.2.1", ASKED, REASON);
              LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(200_000));
            }
            done.countDown();
          });
    }
    done.await();

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(told()).isEqualTo(2L * THREADS * DENIALS_OF_EACH));
    assertThat(registry.get("dome.access.lost").counter().count()).isZero();
    await()
        .untilAsserted(() ->
            assertThat(registry.get("dome.access.recorded").counter().count())
                .isEqualTo(2.0 * THREADS * DENIALS_OF_EACH));
  }

  private synchronized long told() {
    return stored.values().stream()
        .flatMap(batch -> batch.decisions().stream())
        .mapToLong(AccessDecision::count)
        .sum();
  }

  /** Each tenth is stored and its answer lost. */
  private synchronized CompletionStage<Boolean> publish(AccessBatch batch) {
    AccessBatch before = stored.putIfAbsent(batch.batchId(), batch);
    assertThat(before).isIn(null, batch);
    published++;
    return CompletableFuture.completedStage(published % 10 != 0);
  }
}
