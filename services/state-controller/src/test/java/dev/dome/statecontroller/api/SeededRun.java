package dev.dome.statecontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.KnownEvidence;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.BreakerSteering;
import dev.dome.kernel.Context;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.PolicySet;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A run stepped by the real kernel and stored as the schema says, in a lane that no writer owns, so
 * that a test decides when it goes on.
 */
final class SeededRun {
  /** Beyond the lanes of a database, of which a running service owns every one. */
  static final Lane LANE = new Lane(900);

  private static final AtomicLong LANE_POSITION = new AtomicLong();
  private static final Actor SUBMITTER = new Actor("alice", List.of("submitter"));
  private static final Actor WORKER = new Actor("worker-1", List.of("worker"));
  private static final PolicySet POLICIES =
      new PolicySet(
          "0.3.0",
          new PolicySet.Retry(2, 500, 60_000),
          new PolicySet.Gate(60, 20, 60, 0.7),
          new PolicySet.Lease(30_000),
          new PolicySet.Approval(604_800_000));

  private final SeedStore store;
  private long nowMs;
  private RunState state;
  private String deadLetterId;
  private String headHash = JournalRow.GENESIS;

  private SeededRun(SeedStore store, long nowMs) {
    this.store = store;
    this.nowMs = nowMs;
  }

  /** A submitted pre-contract with the tasks plan, implement and verify. */
  static SeededRun submitted(SeedStore store, String namespace, String runId, long nowMs) {
    SeededRun run = new SeededRun(store, nowMs);
    NamespaceId in = new NamespaceId(namespace);
    RunId id = new RunId(runId);
    JsonNode document = preContract(runId);
    RunUid runUid = RunUid.derive(in, id, "submission-" + runId);
    return run.play(
        new Input.SubmitRun(
            runUid,
            in,
            id,
            LANE,
            Input.SourceKind.PRE_CONTRACT,
            document,
            CanonicalJson.sha256(document),
            null,
            null,
            null,
            null),
        new Context(nowMs, SUBMITTER, telemetry(), POLICIES));
  }

  /** The first redrive of a run that has given a task up. */
  static SeededRun redriving(SeedStore store, SeededRun old, KnownEvidence... evidence) {
    SeededRun run = new SeededRun(store, old.nowMs + 1_000);
    RunId id = new RunId(old.runId() + ".r1");
    JsonNode document = preContract(old.runId());
    TaskId given = new TaskId(old.runId() + "-implement");
    return run.play(
        new Input.SubmitRun(
            RunUid.derive(old.state.namespace(), id, "redrive"),
            old.state.namespace(),
            id,
            LANE,
            Input.SourceKind.PRE_CONTRACT,
            document,
            CanonicalJson.sha256(document),
            null,
            old.state.runId(),
            new Input.Redrive(
                old.state.runUid(),
                List.of("alice"),
                new ReasonCode("OPERATOR.REDRIVE"),
                "fixed",
                List.of(new Input.DeadLetter(given, old.deadLetterId)),
                List.of(old.task("plan").result()),
                evidence.length == 0 ? null : List.of(evidence)),
            null),
        new Context(run.nowMs, SUBMITTER, telemetry(), POLICIES));
  }

  private static JsonNode preContract(String runId) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("schema_version", "xtrl.pre_contract/v0.2");
    document.put("packet_id", runId);
    document.put("base_ref", "main");
    document.putObject("budgets").put("iteration_budget", 2).put("time_minutes", 30);
    document.putObject("actions").putArray("test").add("make").add("check");
    document.putObject("plan_card").put("why", "Payments time out").put("what", "Add a retry");
    return document;
  }

  private static TelemetryRef telemetry() {
    return new TelemetryRef("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
  }

  /** The default queue as olga paused it. */
  static BreakerSnapshot paused(long atMs) {
    BreakerSteering word =
        new BreakerSteering(
            BreakerSteering.Action.PAUSED, atMs, "olga", new ReasonCode("OPERATOR.PAUSED"), null);
    return new BreakerSnapshot(
        new BreakerKey("queue:default"), atMs, BreakerPhase.OPEN, atMs, null, null, word);
  }

  /** Is told of a breaker. */
  SeededRun breaker(BreakerSnapshot breaker) {
    return play(new Input.BreakerChanged(breaker));
  }

  SeededRun claim(String step) {
    TaskState task = task(step);
    return play(
        new Input.ClaimTask(
            task.plan().taskId(), task.plan().queue(), "claim-" + step, "worker-1", "v1", null));
  }

  SeededRun pass(String step) {
    return report(step, ResultStatus.PASS, null, null);
  }

  SeededRun fail(String step, String reasonCode) {
    return report(step, ResultStatus.FAIL, reasonCode, null);
  }

  SeededRun passAtRisk(String step, int riskScoreHint) {
    return report(step, ResultStatus.PASS, null, riskScoreHint);
  }

  SeededRun claimAndPass(String step) {
    return claim(step).pass(step);
  }

  /** Every task passes: the run is promoted. */
  SeededRun promoted() {
    return claimAndPass("plan").claimAndPass("implement").claimAndPass("verify");
  }

  /** Uses up the attempts of a task; the id of its dead letter. */
  String giveUp(String step) {
    for (int attempt = 1; deadLetterId == null; attempt++) {
      claim(step).fail(step, "TRANSIENT.NETWORK");
      if (deadLetterId == null) {
        nowMs = task(step).retryDueAtMs();
        play(new Input.RetryDue(task(step).plan().taskId(), attempt + 1));
      }
    }
    return deadLetterId;
  }

  /** Passes and names files by their digests, of which the store knows the same in turn. */
  SeededRun passNaming(String step, KnownEvidence... files) {
    ObjectNode bundle = Json.mapper().createObjectNode();
    ArrayNode artifacts = bundle.putArray("artifacts");
    for (KnownEvidence file : files) {
      artifacts
          .addObject()
          .put("path", "out/" + file.sha256().value().substring(0, 4))
          .put("sha256", file.sha256().value())
          .put("bytes", file.bytes());
    }
    TaskState task = task(step);
    return play(
        new Input.ReportResult(
            task.attemptId(),
            task.fence(),
            result(step, ResultStatus.PASS, null, null, bundle),
            List.of(files)));
  }

  private SeededRun report(String step, ResultStatus status, String reasonCode, Integer risk) {
    TaskState task = task(step);
    TaskResult result = result(step, status, reasonCode, risk, null);
    return play(new Input.ReportResult(task.attemptId(), task.fence(), result));
  }

  private TaskResult result(
      String step, ResultStatus status, String reasonCode, Integer risk, JsonNode evidence) {
    TaskState task = task(step);
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        task.plan().taskId(),
        status,
        null,
        null,
        null,
        reasonCode == null ? null : new ReasonCode(reasonCode),
        null,
        risk,
        null,
        null,
        null,
        40L,
        evidence,
        null);
  }

  private SeededRun play(Input input) {
    nowMs += 1_000;
    return play(input, new Context(nowMs, WORKER, telemetry(), null));
  }

  private SeededRun play(Input input, Context context) {
    Step step = Kernel.step(state, input, context);
    if (!(step.decision() instanceof Decision.Accepted)) {
      throw new AssertionError("the seed's own input was refused: " + step.decision());
    }
    List<JournalRow> rows = new ArrayList<>();
    for (JournalEntry entry : step.entries()) {
      JournalRow row =
          JournalRow.seal(
              entry,
              step.state().runUid(),
              step.state().namespace(),
              LANE,
              LANE_POSITION.incrementAndGet(),
              headHash);
      headHash = row.hash();
      rows.add(row);
      if (entry.envelope().topic().equals("task.dead_lettered")) {
        deadLetterId = step.state().runUid() + "-" + entry.envelope().sequence();
      }
    }
    state = step.state();
    store.write(state, headHash, rows);
    return this;
  }

  private TaskState task(String step) {
    return state.task(new TaskId(state.runId() + "-" + step)).orElseThrow();
  }

  RunState state() {
    return state;
  }

  String runId() {
    return state.runId().value();
  }

  String headHash() {
    return headHash;
  }

  static long lanePosition() {
    return LANE_POSITION.get();
  }
}
