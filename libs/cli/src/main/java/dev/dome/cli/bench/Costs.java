package dev.dome.cli.bench;

import java.io.IOException;
import java.util.Map;

/**
 * What runs cost, and how far behind the journal's readers were at their end.
 *
 * @param perRun until every reader had caught up and all was signed, so that their work counts
 * @param memoryMb by process, at the end
 * @param rowsBehind not applied at the end of the last run, by service
 * @param caughtUpMs after that end every service had applied everything
 * @param signedMs after that end every run had its manifest and its statements
 */
record Costs(
    Usage.PerRun perRun,
    Map<String, Long> memoryMb,
    Map<String, Long> rowsBehind,
    long caughtUpMs,
    long signedMs) {
  /** Waits until every reader has caught up and tells what it came to. */
  static Costs of(BenchStack stack, Usage before, int runs)
      throws IOException, InterruptedException {
    Map<String, Long> behind = stack.rowsBehind();
    long caughtUpMs = stack.awaitReaders();
    long signedMs = caughtUpMs + stack.awaitSigned();
    return new Costs(
        Usage.now(stack).since(before, runs),
        ProcessMemory.now(stack.state()).mb(),
        behind,
        caughtUpMs,
        signedMs);
  }
}
