package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.client.WorkerListener;
import dev.dome.client.model.Reported;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.Json;
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
 * Drives W3. A run counts as done when the answer to its last result, which is sent after the
 * commit, says that it is promoted; nothing is polled.
 */
final class W3Bench implements AutoCloseable {
  private static final int TASKS = 3;
  private static final int RESULT_BYTES = 512;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final W3Plan plan;
  private final DomeClient submitter;
  private final String prefix =
      "w3-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
  private final List<Worker> workers = new ArrayList<>();
  private final Map<String, CompletableFuture<RunStatus>> open = new ConcurrentHashMap<>();
  private volatile long rowsPerRun;

  W3Bench(W3Plan plan, DomeClient submitter, DomeClient worker) {
    this.plan = plan;
    this.submitter = submitter;
    Result result = Result.pass().withNotes("no-op ".repeat(RESULT_BYTES / 6));
    for (int i = 0; i < plan.workers(); i++) {
      workers.add(
          Worker.on(prefix, task -> result)
              .concurrency(plan.slots())
              .workerId("w3-worker-" + i)
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
  W3Report run(Consumer<String> progress, BenchStack watched)
      throws IOException, InterruptedException {
    progress.accept("warming up with " + plan.warmup() + " runs");
    burst("warm", plan.warmup());
    progress.accept("one run at a time, " + plan.alone() + " times");
    double[] aloneMs = oneByOne(plan.alone());
    progress.accept("all at once, " + plan.runs() + " runs");
    Usage before = watched == null ? null : Usage.now(watched);
    long start = System.nanoTime();
    int promoted = burst("all", plan.runs());
    long tookNanos = System.nanoTime() - start;
    Arrays.sort(aloneMs);
    return new W3Report(
        plan,
        promoted,
        TimeUnit.NANOSECONDS.toMillis(tookNanos),
        promoted * 1e9 / tookNanos,
        percentile(aloneMs, 50),
        percentile(aloneMs, 99),
        rowsPerRun,
        watched == null ? null : Costs.of(watched, before, plan.runs()),
        null,
        W3Report.PEERS,
        W3Report.REMARK);
  }

  /** Submits as many as the submitters can and waits for all; how many were promoted. */
  private int burst(String part, int count) throws InterruptedException {
    List<CompletableFuture<RunStatus>> done = new ArrayList<>(count);
    Semaphore hands = new Semaphore(plan.submitters());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        String runId = String.format(Locale.ROOT, "%s-%s-%06d", prefix, part, i);
        CompletableFuture<RunStatus> completion = expect(runId);
        done.add(completion);
        hands.acquire();
        threads.execute(() -> {
          try {
            submitter.submit(document(runId));
          } catch (RuntimeException e) {
            completion.completeExceptionally(e);
          } finally {
            hands.release();
          }
        });
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
      String runId = String.format(Locale.ROOT, "%s-alone-%06d", prefix, i);
      CompletableFuture<RunStatus> completion = expect(runId);
      long start = System.nanoTime();
      submitter.submit(document(runId));
      await(completion);
      tookMs[i] = (System.nanoTime() - start) / 1e6;
    }
    return tookMs;
  }

  private CompletableFuture<RunStatus> expect(String runId) {
    CompletableFuture<RunStatus> completion = new CompletableFuture<>();
    open.put(runId, completion);
    return completion;
  }

  private static RunStatus await(CompletableFuture<RunStatus> completion)
      throws InterruptedException {
    try {
      return completion.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CliException(
          ExitCode.FAILED, "a submission failed: " + e.getCause().getMessage(), "./dome status");
    } catch (TimeoutException e) {
      throw new CliException(
          ExitCode.TIMEOUT, "a run did not end within " + PATIENCE, "./dome run list");
    }
  }

  private ObjectNode document(String runId) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.2");
    document.put("version", "0.2.0");
    document.put("run_id", runId);
    document.put("base_ref", "main");
    document.put("max_workers", 1);
    ArrayNode tasks = document.putArray("tasks");
    for (int i = 1; i <= TASKS; i++) {
      ObjectNode task = tasks.addObject();
      task.put("task_id", "step-" + i);
      task.put("goal", "Do nothing, step " + i + ".");
      task.put("status", "QUEUED");
      task.put("queue", prefix);
      ArrayNode dependencies = task.putArray("dependencies");
      if (i > 1) {
        dependencies.add("step-" + (i - 1));
      }
    }
    return document;
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
