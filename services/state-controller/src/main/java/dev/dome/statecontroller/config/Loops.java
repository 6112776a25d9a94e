package dev.dome.statecontroller.config;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The replica's threads. A step that fails is logged and tried again after its pause. */
final class Loops {
  private static final Logger LOG = Logger.getLogger(Loops.class);
  private static final long RETRY_MS = 500;

  private final Map<String, Thread> threads = new ConcurrentHashMap<>();
  private final Map<String, Long> succeededAtNs = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /** One step of a loop. */
  @FunctionalInterface
  interface Step {
    void run() throws InterruptedException;
  }

  void start(String name, Runnable body) {
    Thread thread = Thread.ofPlatform().name(name).unstarted(body);
    threads.put(name, thread);
    thread.start();
  }

  void every(String name, long pauseMs, Step step) {
    start(name, () -> loop(name, pauseMs, step));
  }

  private void loop(String name, long pauseMs, Step step) {
    try {
      while (!stopped && threads.containsKey(name)) {
        Thread.sleep(attempt(name, step) ? pauseMs : Math.max(RETRY_MS, pauseMs));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean attempt(String name, Step step) throws InterruptedException {
    try {
      step.run();
      succeededAtNs.put(name, System.nanoTime());
      return true;
    } catch (RuntimeException | Error e) {
      LOG.warnf(e, "step failed loop=%s", name);
      return false;
    }
  }

  /** Milliseconds since the loop's last success; very many before the first. */
  long sinceSuccessMs(String name) {
    Long at = succeededAtNs.get(name);
    return at == null ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at);
  }

  void stop(String name) throws InterruptedException {
    Thread thread = threads.remove(name);
    if (thread != null) {
      thread.interrupt();
      thread.join(TimeUnit.SECONDS.toMillis(5));
    }
  }

  void stopAll(long waitMs) {
    stopped = true;
    try {
      Thread writer = threads.remove("lane-writer");
      if (writer != null) {
        writer.join(waitMs);
      }
      for (Thread thread : threads.values()) {
        thread.interrupt();
        thread.join(waitMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
