package dev.dome.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What runs cost, and how far behind the journal's readers were at their end.
 *
 * @param perRun until every reader had caught up, so that their work counts
 * @param memoryMb by process, at the end
 * @param journalLag messages behind at the end of the last run, by service
 * @param caughtUpMs after that end every service had read everything
 */
record Costs(
    Usage.PerRun perRun,
    Map<String, Long> memoryMb,
    Map<String, Long> journalLag,
    long caughtUpMs) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Waits until every reader has caught up, five minutes at most, and tells what it came to. */
  static Costs of(BenchStack stack, Usage before, int runs)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (NatsMonitor nats = new NatsMonitor(stack.state())) {
      Map<String, Long> lag = nats.journalLag();
      Map<String, Long> left = lag;
      while (left.values().stream().anyMatch(behind -> behind > 0)
          && System.nanoTime() - start < PATIENCE.toNanos()) {
        TimeUnit.MILLISECONDS.sleep(50);
        left = nats.journalLag();
      }
      long caughtUpMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      return new Costs(
          Usage.now(stack).since(before, runs),
          ProcessMemory.now(stack.state()).mb(),
          lag,
          caughtUpMs);
    }
  }
}
