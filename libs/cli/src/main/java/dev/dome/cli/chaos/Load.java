package dev.dome.cli.chaos;

import dev.dome.cli.bench.BenchStack;
import dev.dome.cli.bench.Workload;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.Result;
import dev.dome.client.RetryPolicy;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one load of all faults: runs of three tasks at a fixed rate, whatever becomes of those
 * before, and workers who work them. Every eighth run has a task that fails once and is tried
 * again. Safe for use by several threads.
 */
final class Load implements AutoCloseable {
  private static final NamespaceId NAMESPACE = new NamespaceId(BenchStack.NAMESPACE);
  private static final Workload.Chain CHAIN = new Workload.Chain();
  private static final int RETRIED_EVERY = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final String QUEUE = "chaos";
  private static final String RETRY_QUEUE = "chaos-retried";

  private final DomeClient client;
  private final List<Worker> workers = new ArrayList<>();
  private final ExecutorService submissions = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Sent> sent = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();
  private final Thread pacer;
  private volatile String part = "start";
  private volatile boolean ended;

  /** What a submission came to once its client gave up or was answered. */
  enum Sent {
    ACCEPTED,
    REFUSED,
    UNKNOWN
  }

  Load(ChaosStack stack, double runsPerSecond) {
    this.client = stack.client(RetryPolicy.DEFAULT.within(PATIENCE), "submitter", "worker");
    for (int i = 0; i < 2; i++) {
      workers.add(worker(QUEUE, i, CHAIN::perform));
    }
    workers.add(worker(RETRY_QUEUE, 2, Load::failedOnce));
    this.pacer = Thread.ofPlatform().name("chaos-load").unstarted(() -> pace(runsPerSecond));
  }

  private Worker worker(String queue, int index, dev.dome.client.TaskHandler handler) {
    return Worker.on(queue, handler)
        .concurrency(8)
        .workerId("chaos-worker-" + index)
        .grace(Duration.ofSeconds(2))
        .start(client);
  }

  private static Result failedOnce(TaskContext task) {
    return task.taskId().equals("step-2") && task.attempt() == 1
        ? Result.retry("TRANSIENT.NETWORK")
        : CHAIN.perform(task);
  }

  void start() {
    pacer.start();
  }

  /** Names the runs from now on, so that each is known to be of one fault. */
  void begin(String name) {
    part = name;
  }

  /** The part of the load that a run belongs to. */
  static String partOf(String runId) {
    return runId.replaceFirst("^.*/", "").replaceFirst("-\\d+$", "");
  }

  private void pace(double runsPerSecond) {
    long began = System.nanoTime();
    try {
      for (long i = 0; !ended; i++) {
        TimeUnit.NANOSECONDS.sleep(began + (long) (i * 1e9 / runsPerSecond) - System.nanoTime());
        String queue = i % RETRIED_EVERY == 0 ? RETRY_QUEUE : QUEUE;
        String runId = nextId();
        submissions.execute(() -> submit(runId, queue));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String nextId() {
    return String.format(Locale.ROOT, "%s-%06d", part, number.incrementAndGet());
  }

  private void submit(String runId, String queue) {
    try {
      client.submit(CHAIN.document(runId, queue));
      sent.put(runId, Sent.ACCEPTED);
    } catch (DomeException e) {
      sent.put(runId, e.isFinal() ? Sent.REFUSED : Sent.UNKNOWN);
    }
  }

  /** Submits one run for every lane and returns their ids when all are answered. */
  Set<String> canaries(int lanes) throws InterruptedException {
    Set<Lane> left = new HashSet<>();
    for (int lane = 0; lane < lanes; lane++) {
      left.add(new Lane(lane));
    }
    Set<String> runs = new HashSet<>();
    List<Thread> threads = new ArrayList<>();
    while (!left.isEmpty()) {
      String runId = nextId();
      if (left.remove(Lane.of(NAMESPACE, new RunId(runId), lanes))) {
        runs.add(runId);
        threads.add(Thread.ofVirtual().start(() -> submit(runId, QUEUE)));
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return runs;
  }

  /** The runs of a part that came to this. */
  List<String> sent(String name, Sent what) {
    return sent.entrySet().stream()
        .filter(entry -> entry.getValue() == what && partOf(entry.getKey()).equals(name))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many submissions were answered with success. */
  long accepted() {
    return sent.values().stream().filter(what -> what == Sent.ACCEPTED).count();
  }

  /** Whether the run is the load's own, so that somebody works it. */
  boolean isWorked(String runId) {
    return sent.containsKey(runId);
  }

  /** Ends submissions and waits for those under way; workers work on. */
  void stopSubmitting() throws InterruptedException {
    ended = true;
    pacer.interrupt();
    pacer.join();
    submissions.close();
  }

  @Override
  public void close() {
    ended = true;
    pacer.interrupt();
    submissions.shutdownNow();
    workers.forEach(Worker::drain);
    workers.forEach(Worker::close);
    client.close();
  }
}
