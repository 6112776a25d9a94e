package dev.dome.kernel;

import static dev.dome.kernel.Documents.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.Sha256;
import dev.dome.contracts.wire.KnownEvidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The runs whose journals are frozen as golden histories. Its main method writes those that do not
 * exist yet and never touches one that does: what a released version wrote must replay for ever.
 */
final class Histories {
  static final BreakerKey QUEUE = new BreakerKey("queue:default");

  private Histories() {}

  /** The runs by name. */
  static Map<String, RunScript> all() {
    Map<String, RunScript> histories = new TreeMap<>();
    histories.put("approve", approve());
    histories.put("reject", reject());
    histories.put("needs-human", needsHuman());
    histories.put("retry-and-dead-letter", retryAndDeadLetter());
    histories.put("cancel", cancel());
    histories.put("expire", expire());
    histories.put("dead-letter", deadLetter());
    histories.put("redrive", redrive());
    histories.put("task-deadline", taskDeadline());
    histories.put("breaker", breaker());
    histories.put("claimer", claimer());
    histories.put("paused-queue", pausedQueue());
    histories.put("approval-expiry", approvalExpiry());
    histories.put("human-reject", humanReject());
    histories.put("constraints-and-evidence", constraintsAndEvidence());
    histories.put("operations-and-permits", operationsAndPermits());
    histories.put("probe-deadline", probeDeadline());
    histories.put("gpu-dead-letter", gpuDeadLetter());
    histories.put("profile", profile());
    return histories;
  }

  /** Submitted while a key is paused; then its queue is paused and resumed. */
  private static RunScript pausedQueue() {
    RunScript run =
        RunScript.ofWorkQueueMeeting(
            List.of(paused("key:host:x", 4, 0)), 2, task("a").guardedBy("host:x"), task("b"));
    run.breaker(snapshot("key:host:x", 5, BreakerPhase.CLOSED, 20)).claim("a").after(40);
    run.breaker(paused("queue:default", 1, 40)).pass("a").after(60_000);
    run.breaker(snapshot("queue:default", 2, BreakerPhase.CLOSED, 60_040));
    return run.claimAndPass("b");
  }

  private static RunScript claimer() {
    return RunScript.ofWorkQueue(1, task("a"))
        .claimNamed("a")
        .after(5)
        .start("a")
        .after(120)
        .pass("a");
  }

  /** Nobody answers what the gate left to a human; a resumption meanwhile is no answer. */
  private static RunScript approvalExpiry() {
    RunScript run = risky();
    return run.resume().after(RunScript.POLICIES.approval().expiresAfterMs()).deadlineDue();
  }

  /** A human refuses, too early and then in time. */
  private static RunScript humanReject() {
    RunScript run = RunScript.ofWorkQueue(1, task("a"));
    run.decide(Verdict.REJECT, RunScript.APPROVER).claim("a");
    run.report("a", RunScript.result("a", ResultStatus.PASS, null, 72, null));
    return run.after(60_000).decide(Verdict.REJECT, RunScript.APPROVER);
  }

  private static RunScript risky() {
    return RunScript.ofWorkQueue(1, task("a"))
        .claim("a")
        .report("a", RunScript.result("a", ResultStatus.PASS, null, 72, null));
  }

  /** A contract that says what may change, and a report that names what is known to the store. */
  private static RunScript constraintsAndEvidence() {
    ObjectNode document = Documents.preContract("golden-constraints");
    document.withObject("/constraints").putArray("allowed_paths").add("src/");
    RunScript run = new RunScript().submit(Input.SourceKind.PRE_CONTRACT, document);
    run.claimNamed("golden-constraints-plan").after(70);
    run.passWith(
        "golden-constraints-plan",
        List.of(new KnownEvidence(new Sha256("ab".repeat(32)), 4_096, "text/plain", "none")));
    return run.claimAndPass("golden-constraints-implement")
        .claimAndPass("golden-constraints-verify");
  }

  /** A claim that takes slots of limits, and a report that an operation brought. */
  private static RunScript operationsAndPermits() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").oneAtATime("database").paced("api"));
    return run.claimHolding("a", List.of("key:database", "rate:api"))
        .after(90)
        .passAs("a", "0193-operation");
  }

  /** A probe of a half-open breaker that uses up its time. */
  private static RunScript probeDeadline() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").within(5));
    run.breaker(snapshot("queue:default", 1, BreakerPhase.OPEN, 10));
    run.after(30_010).breaker(snapshot("queue:default", 2, BreakerPhase.HALF_OPEN, 30_010));
    run.claimProbing("a", QUEUE).timeOut("a");
    run.breaker(snapshot("queue:default", 3, BreakerPhase.OPEN, 35_020)).retryDue("a");
    run.after(30_000).breaker(snapshot("queue:default", 4, BreakerPhase.CLOSED, 65_100));
    return run.claimAndPass("a");
  }

  /** Under a profile: no retries, and a human decides what others are let do. */
  private static RunScript profile() {
    RuntimeProfile careful =
        new RuntimeProfile(
            "careful",
            "cd".repeat(32),
            new RuntimeProfile.Budgets(0, 30, 3, 2, 15),
            Json.tree(Map.of("planner", "planner-large")),
            "tdd",
            "catalogs/patterns.json",
            "catalogs/rank.json",
            "catalogs/profiles.json");
    RunScript run =
        new RunScript()
            .submitUnder(careful, Documents.workQueue("queue-run", 1, task("a"), task("b")));
    run.claim("a").report("a", RunScript.result("a", ResultStatus.PASS, null, 31, null));
    return run.claimAndPass("b").decide(Verdict.APPROVE, RunScript.APPROVER);
  }

  /** A task of another queue than the default one is given up. */
  private static RunScript gpuDeadLetter() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").in("gpu"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      run.claim("a").after(100).fail("a", "TRANSIENT.NETWORK");
      if (attempt < 3) {
        run.retryDue("a");
      }
    }
    return run;
  }

  /** One canonical JSON text per row. */
  static String lines(List<JournalRow> rows) {
    return rows.stream()
        .map(row -> CanonicalJson.text(Json.tree(row)) + "\n")
        .collect(Collectors.joining());
  }

  static List<JournalRow> read(Path file) {
    try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines
          .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JournalRow.class))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the histories that are missing in the directory. */
  public static void main(String[] args) throws IOException {
    for (Map.Entry<String, RunScript> history : all().entrySet()) {
      Path file = Path.of(args[0], history.getKey() + ".jsonl");
      if (Files.notExists(file)) {
        Files.writeString(file, lines(history.getValue().rows()));
      }
    }
  }

  private static RunScript approve() {
    RunScript run = RunScript.ofPreContract("golden-approve");
    for (String suffix : List.of("-plan", "-implement", "-verify")) {
      run.after(50).claimAndPass("golden-approve" + suffix);
    }
    return run;
  }

  private static RunScript reject() {
    RunScript run = RunScript.ofPreContract("golden-reject");
    run.claimAndPass("golden-reject-plan").claimAndPass("golden-reject-implement");
    return run.claim("golden-reject-verify").after(900).fail("golden-reject-verify", null);
  }

  private static RunScript needsHuman() {
    RunScript run = RunScript.ofWorkQueue(2, task("a"), task("b", "a"), task("c").in("gpu"));
    run.decide(Verdict.APPROVE, RunScript.APPROVER);
    run.claim("a").claim("c").pause().pass("a").resume();
    run.report("c", RunScript.result("c", ResultStatus.PASS, null, 72, null));
    run.claimAndPass("b");
    return run.after(3_600_000).pause().decide(Verdict.APPROVE, RunScript.APPROVER);
  }

  private static RunScript retryAndDeadLetter() {
    ObjectNode document = Documents.preContract("golden-retry");
    document.put("schema_version", "xtrl.pre_contract/v0.3");
    document.withObject("/budgets").remove("time_minutes");
    RunScript run = new RunScript().submit(Input.SourceKind.PRE_CONTRACT, document);
    String task = "golden-retry-plan";
    run.claim(task).after(30_000).expireLease(task);
    run.claim(task).after(100).fail(task, "TRANSIENT.TIMEOUT").retryDue(task);
    run.claim(task).start(task).after(60_000).expireLease(task);
    run.claim(task)
        .report(
            task,
            RunScript.result(task, ResultStatus.FAIL, "TRANSIENT.RATE_LIMITED", null, 45_000L));
    return run;
  }

  private static RunScript cancel() {
    RunScript run = RunScript.ofWorkQueue(2, task("a"), task("b", "a"), task("c"));
    return run.claim("a").claim("c").start("c").release("c").after(10).claim("c").cancel();
  }

  private static RunScript expire() {
    return RunScript.ofPreContract("golden-expire")
        .claim("golden-expire-plan")
        .after(30 * 60_000)
        .deadlineDue();
  }

  /** One task passes, one is given up, one is blocked by it. */
  private static RunScript deadLetter() {
    RunScript run = RunScript.ofWorkQueue(2, task("a"), task("b", "a"), task("c", "b"));
    run.claimAndPass("a");
    for (int attempt = 1; attempt <= 3; attempt++) {
      run.claim("b").after(100).fail("b", "TRANSIENT.NETWORK");
      if (attempt < 3) {
        run.retryDue("b");
      }
    }
    return run;
  }

  private static RunScript redrive() {
    return RunScript.redriveOf(deadLetter()).claimAndPass("b").claimAndPass("c");
  }

  /** An attempt that never started, one that ran out of time, and a last one that is in time. */
  private static RunScript taskDeadline() {
    RunScript run = RunScript.ofWorkQueue(1, task("a").within(5));
    run.claim("a").timeOut("a").retryDue("a");
    run.claim("a").start("a").timeOut("a").retryDue("a");
    return run.claimAndPass("a");
  }

  /** A queue's breaker opens under a retry, lets a probe through that fails, then two that pass. */
  private static RunScript breaker() {
    BreakerSnapshot key = snapshot("key:host:x", 4, BreakerPhase.OPEN, 0);
    RunScript run =
        RunScript.ofWorkQueueMeeting(
            List.of(key), 2, task("a").guardedBy("host:x"), task("b"), task("c", "b"));
    run.claim("b").after(40).fail("b", "TRANSIENT.NETWORK");
    run.breaker(snapshot("queue:default", 1, BreakerPhase.OPEN, 40)).retryDue("b");
    run.breaker(snapshot("key:host:x", 5, BreakerPhase.CLOSED, 700));
    run.after(30_000).breaker(snapshot("queue:default", 2, BreakerPhase.HALF_OPEN, 30_600));
    run.claimProbing("a", QUEUE).after(10).fail("a", "TRANSIENT.RATE_LIMITED");
    run.breaker(snapshot("queue:default", 3, BreakerPhase.OPEN, 30_700)).retryDue("a");
    run.after(30_000).breaker(snapshot("queue:default", 4, BreakerPhase.HALF_OPEN, 60_700));
    run.claimProbing("a", QUEUE).claimProbing("b", QUEUE).after(10).pass("a").pass("b");
    return run.breaker(snapshot("queue:default", 5, BreakerPhase.CLOSED, 60_800)).claimAndPass("c");
  }

  /** A snapshot whose phase began so many milliseconds after the start of the run. */
  static BreakerSnapshot snapshot(String key, long version, BreakerPhase phase, long afterMs) {
    long sinceMs = RunScript.START_MS + afterMs;
    return new BreakerSnapshot(
        new BreakerKey(key),
        version,
        phase,
        sinceMs,
        phase == BreakerPhase.OPEN ? (Long) (sinceMs + 30_000) : null,
        phase == BreakerPhase.HALF_OPEN ? (Integer) 2 : null);
  }

  /** A queue that an operator paused, so many milliseconds after the start of the run. */
  static BreakerSnapshot paused(String key, long version, long afterMs) {
    long atMs = RunScript.START_MS + afterMs;
    return new BreakerSnapshot(
        new BreakerKey(key),
        version,
        BreakerPhase.OPEN,
        atMs,
        null,
        null,
        new BreakerSteering(
            BreakerSteering.Action.PAUSED, atMs, "ops", new ReasonCode("OPERATOR.PAUSED"), null));
  }
}
