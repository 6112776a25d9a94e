package dev.dome.cli.admin;

import dev.dome.cli.admin.RunCheck.Checked;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Has a few runs read at once and no more, however many there are, and hands them on in order. */
final class RunWindow {
  private static final int AT_ONCE = 8;

  private final ExecutorService readers;
  private final RunCheck check;
  private final Consumer<Checked> taker;
  private final long of;
  private final BiConsumer<Long, Long> progress;
  private final Deque<Future<Checked>> running = new ArrayDeque<>();
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

  void submit(String runId) {
    running.add(readers.submit(() -> check.of(runId)));
    if (running.size() >= AT_ONCE) {
      take();
    }
  }

  /** Waits for what is still being read. */
  void drain() {
    while (!running.isEmpty()) {
      take();
    }
  }

  private void take() {
    try {
      taker.accept(running.removeFirst().get());
      done++;
      progress.accept(done, Math.max(done, of));
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
