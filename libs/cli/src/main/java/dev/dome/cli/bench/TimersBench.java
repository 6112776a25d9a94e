package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.bench.DeadlineRuns.Window;
import dev.dome.client.DomeClient;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.ServiceProcess;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamTap;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Makes run deadlines by the public API, reads from it when they are due, and watches the two
 * streams for when each fired and when its run had answered.
 */
final class TimersBench {
  private static final int WARM_UP = 2_000;
  private static final int PAGE = 200;
  private static final int TELL_EVERY = 10_000;

  /** Submitting slows down as tables grow; what was measured at first is not relied upon whole. */
  private static final double MARGIN = 0.7;

  /** A submission takes a moment, and the run's time begins at its end. */
  private static final long SLACK_MS = 2_000;

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final TimersPlan plan;
  private final LocalStack stack;
  private final Path directory;
  private final DomeClient client;
  private final Consumer<String> progress;

  TimersBench(TimersPlan plan, BenchStack stack, Consumer<String> progress) {
    this.plan = plan;
    this.stack = stack.stack();
    this.directory = stack.directory();
    this.progress = progress;
    this.client = stack.client("submitter", "operator");
  }

  TimersReport run() throws InterruptedException {
    DeadlineRuns runs = new DeadlineRuns(client);
    progress.accept("warming up with " + 2 * WARM_UP + " runs");
    Window window = window(runs.warmUp(WARM_UP));
    progress.accept(
        "submitting "
            + plan.timers()
            + " runs whose time ends between "
            + Instant.ofEpochMilli(window.startMs())
            + " and "
            + Instant.ofEpochMilli(window.endMs()));
    runs.submit(plan.timers(), window, this::tell);
    Map<String, Long> dueMs = due(runs.prefix(), window);
    try (NatsLink link =
        NatsLink.open(LinkOptions.of(stack.connections().natsUrl(), "dome-bench"))) {
      return measured(link, new TimerWatch(dueMs), window);
    }
  }

  private void tell(int submitted) {
    if (submitted % TELL_EVERY == 0) {
      progress.accept(submitted + " submitted");
    }
  }

  /** Begins once everything is submitted at the rate of the warm-up, with a margin. */
  private Window window(double perSecond) {
    double usable = perSecond * MARGIN * plan.seconds() / 60;
    long minutes = (long) Math.ceil(plan.timers() / usable / 60) + 1;
    return new Window(
        System.currentTimeMillis() + Duration.ofMinutes(minutes).toMillis(), plan.seconds());
  }

  /** Every timer of the measured runs and when it is due, once retry-scheduler has all of them. */
  private Map<String, Long> due(String prefix, Window window) throws InterruptedException {
    Map<String, Long> dueMs = new HashMap<>();
    while (dueMs.size() < plan.timers()) {
      if (System.currentTimeMillis() > window.startMs()) {
        throw new CliException(
            ExitCode.TIMEOUT,
            "retry-scheduler has " + dueMs.size() + " timers when the first is due",
            "repeat it, or ask for fewer --timers");
      }
      TimeUnit.MILLISECONDS.sleep(500);
      dueMs.clear();
      for (JsonNode timer : timers()) {
        if (timer.path("run_id").asText().startsWith(prefix)) {
          dueMs.put(
              timer.path("timer_id").asText(),
              Instant.parse(timer.path("due_at").asText()).toEpochMilli());
        }
      }
    }
    return dueMs;
  }

  private Collection<JsonNode> timers() {
    Map<String, JsonNode> timers = new HashMap<>();
    Map<String, String> page = new LinkedHashMap<>(Map.of("page_size", Integer.toString(PAGE)));
    JsonNode answer;
    do {
      answer = client.read("timers", page);
      answer.path("items").forEach(item -> timers.put(item.path("timer_id").asText(), item));
      page.put("cursor", answer.path("next_cursor").asText());
    } while (answer.hasNonNull("next_cursor"));
    return timers.values();
  }

  private TimersReport measured(NatsLink link, TimerWatch watch, Window window)
      throws InterruptedException {
    List<StreamTap> taps =
        List.of(
            StreamTap.open(link, Subjects.INBOX_STREAM, watch::inbox),
            StreamTap.open(link, Subjects.JOURNAL_STREAM, watch::journal));
    try {
      Map<String, Long> cpuMs = fired(watch, window);
      progress.accept("fired; waiting until every run has answered");
      until("every run answered", watch::appliedAll);
      progress.accept("what NATS and PostgreSQL can do at most");
      return watch.report(plan, cpuMs, TimerBounds.measure(directory, stack.state()));
    } finally {
      taps.forEach(StreamTap::close);
    }
  }

  /** Returns when every timer has fired; the processor time since the first was due. */
  private Map<String, Long> fired(TimerWatch watch, Window window) throws InterruptedException {
    List<ServiceProcess> stopped = new ArrayList<>();
    if (plan.alone()) {
      stopped.add(stopped(DomeService.STATE_CONTROLLER));
    }
    try {
      if (plan.piled()) {
        ServiceProcess scheduler = stopped(DomeService.RETRY_SCHEDULER);
        stopped.add(scheduler);
        progress.accept("all set; waiting until all are due");
        until("all are due", () -> System.currentTimeMillis() >= window.endMs() + SLACK_MS);
        scheduler.resume();
      } else {
        progress.accept("all set; waiting until the first is due");
        until("the first is due", () -> System.currentTimeMillis() >= window.startMs());
      }
      ProcessTimes before = ProcessTimes.now(stack.state());
      until("every timer fired", watch::firedAll);
      return ProcessTimes.now(stack.state()).since(before);
    } finally {
      stopped.forEach(ServiceProcess::resume);
    }
  }

  private ServiceProcess stopped(DomeService service) {
    ServiceProcess process = stack.service(service).orElseThrow();
    process.pause();
    return process;
  }

  private static void until(String what, BooleanSupplier happened) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new CliException(ExitCode.TIMEOUT, "it did not come to that: " + what, "./dome logs");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
