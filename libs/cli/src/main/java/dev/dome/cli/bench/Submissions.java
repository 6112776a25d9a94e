package dev.dome.cli.bench;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/** Submits W3's runs to a queue that nobody works. */
final class Submissions {
  private static final Workload WORKLOAD = new Workload.Chain();

  private final DomeClient submitter;
  private final int atOnce;
  private final String prefix =
      "ingest-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

  Submissions(DomeClient submitter, int atOnce) {
    this.submitter = submitter;
    this.atOnce = atOnce;
  }

  /**
   * Returns when all are answered; how many in a second.
   *
   * @throws CliException when one is refused
   */
  double submit(String part, int count) throws InterruptedException {
    AtomicReference<RuntimeException> refused = new AtomicReference<>();
    Semaphore hands = new Semaphore(atOnce);
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count && refused.get() == null; i++) {
        String runId = String.format(Locale.ROOT, "%s-%s-%06d", prefix, part, i);
        hands.acquire();
        threads.execute(() -> {
          try {
            submitter.submit(WORKLOAD.document(runId, prefix));
          } catch (RuntimeException e) {
            refused.set(e);
          } finally {
            hands.release();
          }
        });
      }
    }
    if (refused.get() != null) {
      throw new CliException(
          ExitCode.FAILED, "a submission failed: " + refused.get().getMessage(), "./dome logs");
    }
    return count * 1e9 / (System.nanoTime() - start);
  }
}
