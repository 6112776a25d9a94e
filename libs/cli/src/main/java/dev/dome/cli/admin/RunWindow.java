package dev.dome.cli.admin;

import dev.dome.cli.admin.LiveSystem.Listed;
import dev.dome.cli.admin.RunCheck.Checked;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Has some runs read at once and no more, however many there are, and hands them on in order. Small
 * runs share their requests: what a request costs is more than what they hold.
 */
final class RunWindow {
  private static final int BATCHES_AT_ONCE = 8;
  private static final int BATCH_RUNS = 50;
  private static final long BATCH_ROWS = 2_000;

  /** They stand in the request's first line, which holds four thousand characters. */
  private static final int BATCH_ID_CHARS = 2_000;

  private final ExecutorService readers;
  private final RunCheck check;
  private final Consumer<Checked> taker;
  private final long of;
  private final BiConsumer<Long, Long> progress;
  private final Deque<Future<List<Checked>>> running = new ArrayDeque<>();
  private final List<Listed> batch = new ArrayList<>();
  private long batchRows;
  private int batchIdChars;
  private long done;

  RunWindow(
      ExecutorService readers,
      RunCheck check,
      Consumer<Checked> taker,
      long of,
      BiConsumer<Long, Long> progress) {
    this.readers = readers;
    this.check = check;
    this.taker = taker;
    this.of = of;
    this.progress = progress;
  }

  void submit(Listed run) {
    batch.add(run);
    batchRows += rows(run);
    batchIdChars += run.runId().value().length();
    if (batch.size() == BATCH_RUNS || batchRows >= BATCH_ROWS || batchIdChars >= BATCH_ID_CHARS) {
      read();
    }
  }

  /** Waits for what is still being read. */
  void drain() {
    read();
    while (!running.isEmpty()) {
      take();
    }
  }

  /** Of a run that is open, or of which only the name is known, nobody knows how many. */
  private static long rows(Listed run) {
    return run.shownFinal().map(shown -> shown.sequence()).orElse(BATCH_ROWS);
  }

  private void read() {
    if (batch.isEmpty()) {
      return;
    }
    List<Listed> runs = List.copyOf(batch);
    batch.clear();
    batchRows = 0;
    batchIdChars = 0;
    running.add(readers.submit(() -> check.of(runs)));
    if (running.size() >= BATCHES_AT_ONCE) {
      take();
    }
  }

  private void take() {
    try {
      for (Checked checked : running.removeFirst().get()) {
        taker.accept(checked);
        done++;
        progress.accept(done, Math.max(done, of));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while checking runs", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }
}
