package dev.dome.client;

import dev.dome.client.WorkerCalls.ClaimRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Works queues: claims tasks by long polling, runs their handlers, keeps leases alive, reports
 * results until they are answered. A lost lease or a cancelled run interrupts the handler.
 *
 * <pre>{@code
 * try (Worker worker =
 *     Worker.on("parcels", Parcel.class, (parcel, task) -> weigh(parcel))
 *         .on("letters", task -> Result.pass())
 *         .concurrency(4)
 *         .start(client)) {
 *   worker.awaitStop();
 * }
 * }</pre>
 */
public final class Worker implements AutoCloseable {
  private static final Duration STOPPING = Duration.ofSeconds(5);

  /** A century. */
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final Settings settings;
  private final List<QueueWork> queues = new ArrayList<>();
  private final Reporter reporter = new Reporter(this);
  private final ScheduledThreadPoolExecutor heartbeats;
  private volatile boolean draining;
  private volatile boolean aborted;

  /** What the queues of one worker share. */
  record Settings(
      WorkerCalls calls,
      EvidenceSink evidence,
      String workerId,
      String deploymentVersion,
      Map<String, String> labels,
      int waitSeconds,
      Duration grace,
      WorkerListener listener) {}

  private Worker(Settings settings) {
    this.settings = settings;
    this.heartbeats =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("dome-heartbeats").factory());
    heartbeats.setRemoveOnCancelPolicy(true);
  }

  /** A worker of one queue, not yet started. */
  public static Builder on(String queue, TaskHandler handler) {
    return new Builder().on(queue, handler);
  }

  /**
   * A worker of one queue whose tasks have inputs of a type, not yet started.
   *
   * @param inputs what {@code task_spec.inputs} is read as, such as a record
   */
  public static <T, R> Builder on(String queue, Class<T> inputs, TypedHandler<T, R> handler) {
    return new Builder().on(queue, inputs, handler);
  }

  /** How a worker is set up. */
  public static final class Builder {
    private final Map<String, TaskHandler> handlers = new LinkedHashMap<>();
    private int concurrency = 1;
    private int prefetch;
    private String workerId = "worker-" + UUID.randomUUID();
    private String deploymentVersion;
    private final Map<String, String> labels = new TreeMap<>();
    private int waitSeconds = 20;
    private Duration grace = Duration.ofSeconds(30);
    private WorkerListener listener = WorkerListener.NONE;

    private Builder() {}

    /** Works this queue too. */
    public Builder on(String queue, TaskHandler handler) {
      if (handlers.putIfAbsent(queue, handler) != null) {
        throw new IllegalArgumentException("queue " + queue + " has a handler already");
      }
      return this;
    }

    /** Works this queue too, whose tasks have inputs of a type. */
    public <T, R> Builder on(String queue, Class<T> inputs, TypedHandler<T, R> handler) {
      return on(queue, new TypedInputs<>(inputs, handler));
    }

    /** How many tasks of each queue at once. */
    public Builder concurrency(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("concurrency expected >= 1 but was " + count);
      }
      this.concurrency = count;
      return this;
    }

    /**
     * How many tasks of each queue may be leased ahead of a free slot, 0..100. Their leases are
     * kept alive while they wait, which the server takes for work that has begun, no other worker
     * can have them, and a drain gives them back. It pays where handlers are quicker than a round
     * trip.
     */
    public Builder prefetch(int count) {
      if (count < 0 || count > 100) {
        throw new IllegalArgumentException("prefetch expected 0..100 but was " + count);
      }
      this.prefetch = count;
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
      // A worker retries on its own, with the same claim or body, so a try fails fast here.
      WorkerCalls calls = client.worker().with(RetryPolicy.DEFAULT.within(Duration.ofSeconds(2)));
      Worker worker =
          new Worker(
              new Settings(
                  calls,
                  client.evidence(),
                  workerId,
                  deploymentVersion,
                  Map.copyOf(labels),
                  waitSeconds,
                  grace,
                  new GuardedListener(listener)));
      handlers.forEach((queue, handler) ->
          worker.queues.add(new QueueWork(worker, queue, handler, concurrency, prefetch)));
      worker.queues.forEach(QueueWork::start);
      return worker;
    }
  }

  Settings settings() {
    return settings;
  }

  ScheduledThreadPoolExecutor heartbeats() {
    return heartbeats;
  }

  Reporter reporter() {
    return reporter;
  }

  /** Whether it takes nothing new any more, because of {@link #drain} or because it was told so. */
  public boolean draining() {
    return draining;
  }

  /** Whether even unanswered results are given up. */
  boolean aborted() {
    return aborted;
  }

  /** Takes nothing new, gives back what has not begun; what runs is finished and reported. */
  public void drain() {
    queues.forEach(QueueWork::close);
    draining = true;
    queues.forEach(QueueWork::interruptClaim);
  }

  /** Waits until everything has stopped and is reported, which only a drain brings about. */
  public void awaitStop() throws InterruptedException {
    joinAll(FOREVER);
  }

  /**
   * Drains, waits for the grace, interrupts what still runs and gives those attempts back. Returns
   * when everything has stopped, or five seconds after the interrupt.
   */
  @Override
  public void close() {
    drain();
    try {
      if (!joinAll(settings.grace())) {
        slots().forEach(slot -> slot.cancelAttempt(CancelReason.SHUTDOWN));
        if (!joinAll(STOPPING)) {
          abort();
        }
      }
    } catch (InterruptedException e) {
      slots().forEach(slot -> slot.cancelAttempt(CancelReason.SHUTDOWN));
      abort();
      Thread.currentThread().interrupt();
    } finally {
      aborted = true;
      heartbeats.shutdownNow();
    }
  }

  private void abort() {
    aborted = true;
    slots().forEach(Slot::interrupt);
    reporter.interrupt();
  }

  private List<Slot> slots() {
    return queues.stream().flatMap(queue -> queue.slots().stream()).toList();
  }

  private boolean joinAll(Duration patience) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    boolean stopped = true;
    for (QueueWork queue : queues) {
      stopped = queue.join(deadlineNanos) && stopped;
    }
    return stopped && reporter.awaitIdle(deadlineNanos);
  }

  /** The time until then, at least a moment, so that what has stopped is seen to have. */
  static Duration until(long deadlineNanos) {
    return Duration.ofNanos(Math.max(1_000_000, deadlineNanos - System.nanoTime()));
  }

  /** A claim under a name of its own. */
  ClaimRequest newClaim(String queue, int maxTasks, int wait) {
    return new ClaimRequest(
        queue,
        UUID.randomUUID().toString(),
        settings.workerId(),
        settings.deploymentVersion(),
        settings.labels(),
        maxTasks,
        wait);
  }
}
