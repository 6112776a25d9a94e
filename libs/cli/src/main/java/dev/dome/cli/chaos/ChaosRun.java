package dev.dome.cli.chaos;

import dev.dome.cli.Patience;
import dev.dome.cli.admin.LiveSystem;
import dev.dome.cli.admin.LiveVerification;
import dev.dome.cli.bench.BenchStack;
import dev.dome.cli.chaos.ChaosReport.Result;
import dev.dome.cli.chaos.ChaosReport.Row;
import dev.dome.cli.chaos.ChaosReport.Totals;
import dev.dome.cli.chaos.Fault.Outcome;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.client.RetryPolicy;
import dev.dome.verification.invariant.AnswerCounts;
import dev.dome.verification.invariant.AnswerInvariants;
import dev.dome.verification.invariant.Invariant;
import dev.dome.verification.invariant.InvariantReport;
import dev.dome.verification.invariant.PlantedSecrets;
import dev.dome.verification.invariant.Violation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Plays faults one after the other on one stack under one load, then holds everything that clients
 * were answered against the record.
 */
final class ChaosRun {
  private static final Duration SETTLE = Duration.ofSeconds(60);
  private static final Duration VERIFY_AT_MOST = Duration.ofMinutes(5);
  private static final Set<Invariant> NOT_LOST =
      EnumSet.of(Invariant.ONE_EVENT_PER_ANSWER, Invariant.GAPLESS_SEQUENCE);
  private static final Set<Invariant> NOT_DOUBLED =
      EnumSet.of(
          Invariant.ONE_EFFECT_PER_KEY,
          Invariant.SAME_KEY_SAME_ANSWER,
          Invariant.TIMERS_FIRE_ONCE,
          Invariant.DEAD_LETTERS_ONCE);

  private final ChaosStack stack;
  private final Load load;
  private final Scene scene;
  private final Limits limits;
  private final Consumer<String> progress;
  private final long beganMs = System.currentTimeMillis();
  private final long beganNanos = System.nanoTime();
  private final List<Row> rows = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();

  /** Within what a fault must be over. */
  record Limits(Duration takeover, Duration recovery) {}

  ChaosRun(ChaosStack stack, Load load, Limits limits, Consumer<String> progress) {
    this.stack = stack;
    this.load = load;
    this.scene = Scene.of(stack, load);
    this.limits = limits;
    this.progress = progress;
  }

  Scene scene() {
    return scene;
  }

  /** Plays one, judges its times and goes on, whatever came of it. */
  void play(Fault fault) throws IOException, InterruptedException {
    String part = String.format(Locale.ROOT, "%s-%03d", fault.name(), rows.size() + 1);
    progress.accept(part + ": " + fault.what());
    load.begin(part);
    long fromMs = System.currentTimeMillis();
    Outcome outcome = outcome(fault);
    Row row = row(fault, part, fromMs, outcome);
    rows.add(row);
    progress.accept("  " + row.result().words() + line(row));
  }

  /** Lets the load go on and holds what grew meanwhile against the run. */
  SoakReport soak(Duration time) throws InterruptedException {
    SoakReport soaked = new Soak(scene, progress).run(time);
    soaked.growths().stream()
        .filter(SoakReport.Growth::isBeyond)
        .forEach(growth -> violations.add("soak: " + growth.sentence()));
    return soaked;
  }

  private Outcome outcome(Fault fault) throws InterruptedException {
    try {
      return fault.play().on(scene);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return failed(e);
    }
  }

  private static Outcome failed(Exception cause) {
    return new Outcome.Played(null, null, "", List.of(String.valueOf(cause.getMessage())));
  }

  private Row row(Fault fault, String part, long fromMs, Outcome outcome) throws IOException {
    AnswerCounts requests =
        AnswerCounts.between(stack.answers(), fromMs, System.currentTimeMillis());
    long accepted = load.sent(part, Load.Sent.ACCEPTED).size();
    return switch (outcome) {
      case Outcome.NotPossible(String why) ->
          new Row(
              part,
              fault.what(),
              Result.NOT_POSSIBLE_HERE,
              requests,
              accepted,
              0,
              0,
              0,
              null,
              null,
              why);
      case Outcome.Played played -> {
        List<String> found = new ArrayList<>(played.violations());
        found.addAll(late(played));
        found.forEach(what -> violations.add(part + ": " + what));
        yield new Row(
            part,
            fault.what(),
            found.isEmpty() ? Result.HELD : Result.VIOLATED,
            requests,
            accepted,
            0,
            0,
            0,
            played.takeoverSeconds(),
            played.recoverySeconds(),
            found.isEmpty() ? played.note() : String.join("; ", found));
      }
    };
  }

  private List<String> late(Outcome.Played played) {
    List<String> late = new ArrayList<>();
    late("takeover", played.takeoverSeconds(), limits.takeover()).ifPresent(late::add);
    late("recovery", played.recoverySeconds(), limits.recovery()).ifPresent(late::add);
    return late;
  }

  private static Optional<String> late(String what, Double seconds, Duration limit) {
    return seconds == null || seconds <= limit.toSeconds()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s took %.1f s, expected at most %d s",
                what,
                seconds,
                limit.toSeconds()));
  }

  private static String line(Row row) {
    String takeover =
        row.takeoverSeconds() == null
            ? ""
            : String.format(Locale.ROOT, ", lanes taken over in %.1f s", row.takeoverSeconds());
    String recovery =
        row.recoverySeconds() == null
            ? ""
            : String.format(Locale.ROOT, ", recovered in %.1f s", row.recoverySeconds());
    return takeover + recovery + (row.note().isEmpty() ? "" : ", " + row.note());
  }

  /** Ends the load, waits until what it left has come to its end, and holds it all to account. */
  ChaosReport report(long seed, double runsPerSecond, SoakReport soak)
      throws IOException, InterruptedException {
    load.begin("end");
    load.stopSubmitting();
    Map<String, Long> waiting = settle();
    progress.accept("holding everything against the invariants");
    InvariantReport verified = verified();
    List<String> stale = scene.lanes().staleRows();
    judge(verified, stale);
    return new ChaosReport(
        seed,
        Runtime.getRuntime().availableProcessors(),
        runsPerSecond,
        Scene.secondsSince(beganNanos),
        rows.stream().map(row -> judged(row, verified, stale)).toList(),
        totals(verified, stale),
        soak,
        waiting,
        verified.lines(),
        List.copyOf(violations));
  }

  /** Open runs by what they say that they wait on; whoever says nothing breaks invariant 15. */
  private Map<String, Long> settle() throws InterruptedException {
    progress.accept("waiting for runs that are open");
    long deadline = System.nanoTime() + SETTLE.toNanos();
    List<String> open = openRuns();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
      open = openRuns();
    }
    Map<String, Long> waiting = new TreeMap<>();
    try (DomeClient client = auditor(BenchStack.NAMESPACE)) {
      for (String runId : open) {
        String on = client.read("runs/" + runId, Map.of()).at("/waiting_on/reason_code").asText();
        waiting.merge(on.isEmpty() ? "nothing" : on, 1L, Long::sum);
      }
    }
    return waiting;
  }

  private List<String> openRuns() {
    return scene.lanes().openRuns().stream().filter(load::isWorked).toList();
  }

  private InvariantReport verified() throws IOException {
    try (DomeClient client = auditor(BenchStack.NAMESPACE);
        DomeClient dome = auditor(ServerOption.SYSTEM_NAMESPACE)) {
      return LiveVerification.run(
          new LiveSystem(client, dome),
          new LiveVerification.Scope(
              Optional.empty(),
              new PlantedSecrets(List.of()),
              Optional.of(AnswerInvariants.read(stack.answers(), BenchStack.NAMESPACE)),
              Optional.of(stack.logs()),
              Optional.of(stack.postgres().admin()),
              Optional.of(stack.stack().connections().natsUrl())),
          Patience.whileSomethingComes(VERIFY_AT_MOST, progress),
          (done, of) -> {});
    }
  }

  private DomeClient auditor(String namespace) {
    return stack.bench().client(namespace, RetryPolicy.DEFAULT, "auditor");
  }

  private void judge(InvariantReport verified, List<String> stale) {
    for (Violation found : verified.violations()) {
      violations.add(
          String.format(
              Locale.ROOT,
              "invariant %d, %s: %s",
              found.invariant().number(),
              found.subject(),
              found.detail()));
    }
    stale.forEach(run -> violations.add(run + " has a row of a superseded writer"));
  }

  private static Row judged(Row row, InvariantReport verified, List<String> stale) {
    return row.judged(
        count(verified, NOT_LOST, row.fault()),
        count(verified, NOT_DOUBLED, row.fault()),
        stale.stream().filter(run -> Load.partOf(run).equals(row.fault())).count());
  }

  private static long count(InvariantReport verified, Set<Invariant> of, String part) {
    return verified.violations().stream()
        .filter(
            found -> of.contains(found.invariant()) && Load.partOf(found.subject()).equals(part))
        .count();
  }

  private Totals totals(InvariantReport verified, List<String> stale) throws IOException {
    return new Totals(
        AnswerCounts.between(stack.answers(), beganMs, Long.MAX_VALUE),
        load.accepted(),
        broken(verified, NOT_LOST),
        broken(verified, NOT_DOUBLED),
        stale.size());
  }

  private static long broken(InvariantReport verified, Set<Invariant> of) {
    return verified.violations().stream().filter(found -> of.contains(found.invariant())).count();
  }
}
