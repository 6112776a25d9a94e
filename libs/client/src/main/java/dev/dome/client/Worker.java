package dev.dome.client;

import dev.dome.client.model.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Works a queue: claims tasks by long polling, runs the handler, keeps leases alive, reports
 * results until they are answered. A lost lease or a cancelled run interrupts the handler.
 *
 * <pre>{@code
 * try (Worker worker = Worker.on("default", task -> Result.pass()).concurrency(4).start(client)) {
 *   worker.awaitStop();
 * }
 * }</pre>
 */
public final class Worker implements AutoCloseable {
  private final Settings settings;
  private final List<Slot> slots = new ArrayList<>();
  private final ScheduledThreadPoolExecutor heartbeats;
  private volatile boolean draining;
  private volatile boolean aborted;

  /** What the slots of one worker share. */
  record Settings(
      String queue,
      TaskHandler handler,
      WorkerCalls calls,
      String workerId,
      String deploymentVersion,
      Map<String, String> labels,
      int waitSeconds,
      Duration grace,
      WorkerListener listener) {}

  private Worker(Settings settings, int concurrency) {
    this.settings = settings;
    this.heartbeats =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("dome-heartbeats").factory());
    heartbeats.setRemoveOnCancelPolicy(true);
    for (int i = 0; i < concurrency; i++) {
      slots.add(new Slot(this, i));
    }
  }

  /** A worker of one queue, not yet started. */
  public static Builder on(String queue, TaskHandler handler) {
    return new Builder(queue, handler);
  }

  /** How a worker is set up. */
  public static final class Builder {
    private final String queue;
    private final TaskHandler handler;
    private int concurrency = 1;
    private String workerId = "worker-" + UUID.randomUUID();
    private String deploymentVersion;
    private final Map<String, String> labels = new TreeMap<>();
    private int waitSeconds = 20;
    private Duration grace = Duration.ofSeconds(30);
    private WorkerListener listener = WorkerListener.NONE;

    private Builder(String queue, TaskHandler handler) {
      this.queue = queue;
      this.handler = handler;
    }

    /** How many tasks at once. */
    public Builder concurrency(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("concurrency expected >= 1 but was " + count);
      }
      this.concurrency = count;
      return this;
    }

    /** The name the journal shows for this worker's attempts. */
    public Builder workerId(String id) {
      this.workerId = id;
      return this;
    }

    /** Which build of the handler works the tasks. */
    public Builder deploymentVersion(String version) {
      this.deploymentVersion = version;
      return this;
    }

    /**
     * What this worker offers; a task that requires labels is granted only to a worker that has all
     * of them. Up to eight, of letters, digits, dots, dashes and underscores.
     */
    public Builder label(String name, String value) {
      labels.put(name, value);
      return this;
    }

    /** How long a claim may be held by the server: 0..30 seconds. */
    public Builder waitSeconds(int seconds) {
      this.waitSeconds = seconds;
      return this;
    }

    /** How long {@link Worker#close} lets running handlers finish before it interrupts them. */
    public Builder grace(Duration duration) {
      this.grace = duration;
      return this;
    }

    public Builder listener(WorkerListener worksListener) {
      this.listener = worksListener;
      return this;
    }

    /** Starts claiming. The client must outlive the worker. */
    public Worker start(DomeClient client) {
      // Slots retry on their own, with the same claim or body, so a try fails fast here.
      WorkerCalls calls = client.worker().with(RetryPolicy.DEFAULT.within(Duration.ofSeconds(2)));
      Settings settings =
          new Settings(
              queue,
              handler,
              calls,
              workerId,
              deploymentVersion,
              Map.copyOf(labels),
              waitSeconds,
              grace,
              listener);
      Worker worker = new Worker(settings, concurrency);
      worker.slots.forEach(Slot::start);
      return worker;
    }
  }

  Settings settings() {
    return settings;
  }

  ScheduledThreadPoolExecutor heartbeats() {
    return heartbeats;
  }

  /** Whether it takes nothing new any more, because of {@link #drain} or because it was told so. */
  public boolean draining() {
    return draining;
  }

  /** Whether even unanswered results are given up. */
  boolean aborted() {
    return aborted;
  }

  /** Takes nothing new; what runs is finished and reported. */
  public void drain() {
    draining = true;
    slots.forEach(Slot::interruptClaim);
  }

  /** Waits until every slot has stopped, which only a drain brings about. */
  public void awaitStop() throws InterruptedException {
    for (Slot slot : slots) {
      slot.join(Duration.ofNanos(Long.MAX_VALUE));
    }
  }

  /**
   * Drains, waits for the grace, interrupts what still runs and gives those attempts back. Returns
   * when every slot has stopped, or five seconds after the interrupt.
   */
  @Override
  public void close() {
    drain();
    try {
      if (!joinAll(settings.grace())) {
        slots.forEach(slot -> slot.cancelAttempt(CancelReason.SHUTDOWN));
        boolean stopped = joinAll(Duration.ofSeconds(5));
        aborted = true;
        if (!stopped) {
          slots.forEach(Slot::interrupt);
        }
      }
    } catch (InterruptedException e) {
      aborted = true;
      slots.forEach(slot -> slot.cancelAttempt(CancelReason.SHUTDOWN));
      slots.forEach(Slot::interrupt);
      Thread.currentThread().interrupt();
    } finally {
      heartbeats.shutdownNow();
    }
  }

  private boolean joinAll(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean all = true;
    for (Slot slot : slots) {
      long left = Math.max(TimeUnit.MILLISECONDS.toNanos(1), deadline - System.nanoTime());
      all &= slot.join(Duration.ofNanos(left));
    }
    return all;
  }

  /** A claim of one task under a name of its own. */
  WorkerCalls.ClaimRequest newClaim(int waitSeconds) {
    return new WorkerCalls.ClaimRequest(
        settings.queue(),
        UUID.randomUUID().toString(),
        settings.workerId(),
        settings.deploymentVersion(),
        settings.labels(),
        1,
        waitSeconds);
  }

  /** One lease with how long it holds from now, in milliseconds. */
  record Leased(Grant grant, long termMs) {}
}
