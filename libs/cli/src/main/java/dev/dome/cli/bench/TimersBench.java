package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.contracts.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/**
 * Makes retry timers by the public API and reads from it when they were due and when they fired:
 * every task of many runs fails once and asks to be tried again at a moment of the bench's choice.
 */
final class TimersBench {
  private static final int TASKS_PER_RUN = 20;
  private static final int SLOTS = 64;
  private static final int PAGE = 200;
  private static final long PATIENCE_MINUTES = 30;

  /** Tasks that fail per second, when it is guessed how long the making of timers takes. */
  private static final int GUESSED_PER_SECOND = 100;

  private static final Duration LEAST_LEAD = Duration.ofSeconds(15);

  private final DomeClient operator;
  private final DomeClient submitter;
  private final DomeClient worker;
  private final String prefix =
      "timers-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

  TimersBench(DomeClient operator, DomeClient submitter, DomeClient worker) {
    this.operator = operator;
    this.submitter = submitter;
    this.worker = worker;
  }

  /** When a timer was due and when it fired. */
  private record Fired(long dueMs, long firedMs) {}

  TimersReport run(int timers, Duration window, int boundTimers, Consumer<String> progress)
      throws InterruptedException {
    progress.accept("making " + boundTimers + " timers of one moment");
    List<Fired> together = part("bound", boundTimers, at -> 0L, progress);
    progress.accept("making " + timers + " timers of " + window.toSeconds() + " s");
    List<Fired> spread = part("spread", timers, at -> window.toMillis() * at / timers, progress);
    double[] lateMs = spread.stream().mapToDouble(f -> f.firedMs() - f.dueMs()).sorted().toArray();
    return new TimersReport(
        spread.size(),
        window.toMillis() / 1e3,
        (int) Arrays.stream(lateMs).filter(late -> late < 0).count(),
        W3Bench.percentile(lateMs, 50),
        W3Bench.percentile(lateMs, 99),
        lateMs.length == 0 ? Double.NaN : lateMs[lateMs.length - 1],
        rate(together),
        together.size());
  }

  /** From the first due time on, for those that are due at one moment up to jitter. */
  private static double rate(List<Fired> fired) {
    long from = fired.stream().mapToLong(Fired::dueMs).min().orElse(0);
    long to = fired.stream().mapToLong(Fired::firedMs).max().orElse(0);
    return fired.size() * 1e3 / Math.max(1, to - from);
  }

  private List<Fired> part(
      String part, int count, IntToLongFunction offsetMs, Consumer<String> progress)
      throws InterruptedException {
    String queue = prefix + "-" + part;
    Duration lead = LEAST_LEAD.plusSeconds(count / GUESSED_PER_SECOND);
    Instant start = Instant.now().plus(lead);
    List<String> runs = new ArrayList<>();
    AtomicInteger failed = new AtomicInteger();
    CountDownLatch made = new CountDownLatch(count);
    Worker failing =
        Worker.on(
                queue,
                task -> {
                  Instant due = start.plusMillis(offsetMs.applyAsLong(failed.getAndIncrement()));
                  Duration delay = Duration.between(Instant.now(), due);
                  return Result.retry("TRANSIENT.UNAVAILABLE")
                      .withRetryAfter(delay.isNegative() ? Duration.ZERO : delay);
                })
            .concurrency(SLOTS)
            .grace(Duration.ofSeconds(5))
            .listener(new Reports(made))
            .start(worker);
    try {
      for (int from = 0; from < count; from += TASKS_PER_RUN) {
        runs.add(submit(queue, from / TASKS_PER_RUN, Math.min(TASKS_PER_RUN, count - from)));
      }
      if (!made.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        throw new CliException(ExitCode.TIMEOUT, "not every task was worked", "./dome status");
      }
    } finally {
      failing.drain();
      failing.close();
    }
    progress.accept(
        String.format(
            Locale.ROOT,
            "made, %.1f s before the first is due; waiting",
            Duration.between(Instant.now(), start).toMillis() / 1e3));
    List<Fired> fired = awaitFired(queue, count, start.plusMillis(offsetMs.applyAsLong(count)));
    runs.forEach(run -> submitter.cancel(run, "OPERATOR.CANCELLED", "The measurement is over"));
    return fired;
  }

  private String submit(String queue, int number, int tasks) {
    String runId = String.format(Locale.ROOT, "%s-%05d", queue, number);
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.2").put("version", "0.2.0");
    document.put("run_id", runId).put("base_ref", "main").put("max_workers", TASKS_PER_RUN);
    ArrayNode list = document.putArray("tasks");
    for (int i = 0; i < tasks; i++) {
      ObjectNode task = list.addObject();
      task.put("task_id", "t-" + i).put("goal", "Fail once.").put("status", "QUEUED");
      task.put("queue", queue).putArray("dependencies");
    }
    return submitter.submit(document).runId();
  }

  private List<Fired> awaitFired(String queue, int count, Instant last)
      throws InterruptedException {
    Instant until = last.plus(Duration.ofMinutes(PATIENCE_MINUTES));
    while (Instant.now().isBefore(last)) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    while (Instant.now().isBefore(until)) {
      List<Fired> fired = fired(queue);
      if (fired.size() >= count) {
        return fired;
      }
      TimeUnit.SECONDS.sleep(1);
    }
    throw new CliException(ExitCode.TIMEOUT, "not every timer fired", "./dome logs");
  }

  private List<Fired> fired(String queue) {
    List<Fired> fired = new ArrayList<>();
    Map<String, String> page = new LinkedHashMap<>(Map.of("page_size", Integer.toString(PAGE)));
    while (true) {
      JsonNode answer = operator.read("timers", page);
      for (JsonNode timer : answer.path("items")) {
        if (timer.path("run_id").asText().startsWith(queue) && timer.hasNonNull("fired_at")) {
          fired.add(new Fired(millis(timer, "due_at"), millis(timer, "fired_at")));
        }
      }
      if (!answer.hasNonNull("next_cursor")) {
        return fired;
      }
      page.put("cursor", answer.get("next_cursor").asText());
    }
  }

  private static long millis(JsonNode timer, String field) {
    return Instant.parse(timer.get(field).asText()).toEpochMilli();
  }
}
