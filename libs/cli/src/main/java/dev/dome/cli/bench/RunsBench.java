package dev.dome.cli.bench;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.client.WorkerListener;
import dev.dome.client.model.Reported;
import dev.dome.client.model.RunStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Drives a workload. A run counts as done when the answer to its last result, which is sent after
 * the commit, says that it is promoted; nothing is polled.
 */
final class RunsBench implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Workload workload;
  private final RunsPlan plan;
  private final DomeClient submitter;
  private final String prefix;
  private final List<Worker> workers = new ArrayList<>();
  private final Map<String, CompletableFuture<RunStatus>> open = new ConcurrentHashMap<>();
  private volatile long rowsPerRun;

  RunsBench(Workload workload, RunsPlan plan, DomeClient submitter, DomeClient worker) {
    this.workload = workload;
    this.plan = plan;
    this.submitter = submitter;
    this.prefix =
        workload.label() + "-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    for (int i = 0; i < plan.workers(); i++) {
      workers.add(
          Worker.on(prefix, workload::perform)
              .concurrency(plan.slots())
              .workerId("bench-worker-" + i)
              .grace(Duration.ofSeconds(2))
              .listener(new Completions())
              .start(worker));
    }
  }

  /**
   * Measures.
   *
   * @param watched what is measured beside; null for a server whose processes are not known
   */
  RunsReport run(Consumer<String> progress, BenchStack watched)
      throws IOException, InterruptedException {
    progress.accept("warming up with " + plan.warmup() + " runs");
    warmUp();
    if (watched != null) {
      // A run is not alone while others read what came before it.
      watched.awaitReaders();
      watched.awaitSigned();
    }
    progress.accept("one run at a time, " + plan.alone() + " times");
    double[] aloneMs = oneByOne(plan.alone());
    progress.accept("all at once, " + plan.runs() + " runs");
    Usage before = watched == null ? null : Usage.now(watched);
    long start = System.nanoTime();
    int promoted = burst("all", plan.runs());
    long tookNanos = System.nanoTime() - start;
    Arrays.sort(aloneMs);
    return new RunsReport(
        workload.label(),
        plan,
        promoted,
        TimeUnit.NANOSECONDS.toMillis(tookNanos),
        promoted * 1e9 / tookNanos,
        percentile(aloneMs, 50),
        percentile(aloneMs, 99),
        rowsPerRun,
        watched == null ? null : Costs.of(watched, before, plan.runs()),
        null,
        workload.peers());
  }

  /** Runs the plan's warm-up alone; the id of one of its runs. */
  String warmUp() throws InterruptedException {
    burst("warm", Math.max(1, plan.warmup()));
    return runId("warm", 0);
  }

  /** Runs the throughput part alone; runs per second. */
  double throughput(String part) throws InterruptedException {
    long start = System.nanoTime();
    int promoted = burst(part, plan.runs());
    return promoted * 1e9 / (System.nanoTime() - start);
  }

  private String runId(String part, int number) {
    return String.format(Locale.ROOT, "%s-%s-%06d", prefix, part, number);
  }

  /** A closed loop: each client waits for the end of its run. How many were promoted. */
  private int burst(String part, int count) throws InterruptedException {
    List<CompletableFuture<RunStatus>> done = new ArrayList<>(count);
    Semaphore hands = new Semaphore(plan.clients());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        String runId = runId(part, i);
        CompletableFuture<RunStatus> completion = expect(runId);
        done.add(completion);
        if (!hands.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw notEnded();
        }
        var unused = completion.whenComplete((status, failure) -> hands.release());
        threads.execute(() -> submit(runId, completion));
      }
    }
    int promoted = 0;
    for (CompletableFuture<RunStatus> completion : done) {
      promoted += await(completion) == RunStatus.PROMOTED ? 1 : 0;
    }
    return promoted;
  }

  private double[] oneByOne(int count) throws InterruptedException {
    double[] tookMs = new double[count];
    for (int i = 0; i < count; i++) {
      String runId = runId("alone", i);
      CompletableFuture<RunStatus> completion = expect(runId);
      long start = System.nanoTime();
      submitter.submit(workload.document(runId, prefix));
      await(completion);
      tookMs[i] = (System.nanoTime() - start) / 1e6;
    }
    return tookMs;
  }

  /**
   * Submits runs at a fixed rate, whether earlier ones have ended or not, and counts each from the
   * moment at which it was to be submitted: a server that falls behind is not spared.
   *
   * @return of each run that was promoted, in ms, ascending
   */
  double[] openLoop(String part, double perSecond, int count) throws InterruptedException {
    List<CompletableFuture<Double>> took = new ArrayList<>(count);
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        long intended = start + (long) (i * 1e9 / perSecond);
        TimeUnit.NANOSECONDS.sleep(intended - System.nanoTime());
        String runId = runId(part, i);
        CompletableFuture<RunStatus> completion = expect(runId);
        took.add(completion.thenApply(status -> (System.nanoTime() - intended) / 1e6));
        threads.execute(() -> submit(runId, completion));
      }
    }
    double[] tookMs = new double[count];
    for (int i = 0; i < count; i++) {
      tookMs[i] = await(took.get(i));
    }
    Arrays.sort(tookMs);
    return tookMs;
  }

  /** Ends the expectation when the run is refused. */
  private void submit(String runId, CompletableFuture<RunStatus> completion) {
    try {
      submitter.submit(workload.document(runId, prefix));
    } catch (RuntimeException e) {
      completion.completeExceptionally(e);
    }
  }

  private CompletableFuture<RunStatus> expect(String runId) {
    CompletableFuture<RunStatus> completion = new CompletableFuture<>();
    open.put(runId, completion);
    return completion;
  }

  private static <T> T await(CompletableFuture<T> completion) throws InterruptedException {
    try {
      return completion.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CliException(
          ExitCode.FAILED, "a submission failed: " + e.getCause().getMessage(), "./dome status");
    } catch (TimeoutException e) {
      throw notEnded();
    }
  }

  private static CliException notEnded() {
    return new CliException(
        ExitCode.TIMEOUT, "a run did not end within " + PATIENCE, "./dome run list");
  }

  /** Nearest rank. */
  static double percentile(double[] sorted, int percent) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(1, rank) - 1];
  }

  @Override
  public void close() {
    workers.forEach(Worker::drain);
    workers.forEach(Worker::close);
  }

  /** Ends what waits for a run once the answer to a result says that the run is final. */
  private final class Completions implements WorkerListener {
    @Override
    public void reported(TaskContext task, Result result, Reported answer) {
      if (answer.runStatus() != null && answer.runStatus().isFinal()) {
        CompletableFuture<RunStatus> completion = open.remove(task.runId());
        if (completion != null) {
          rowsPerRun = answer.position().sequence();
          completion.complete(answer.runStatus());
        }
      }
    }
  }
}
