package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.KnownEvidence;
import java.util.ArrayList;
import java.util.List;

/** Plays a run step by step as a lane writer would, and keeps its sealed rows. */
final class RunScript {
  static final NamespaceId NAMESPACE = new NamespaceId("team-a");
  static final PolicySet POLICIES =
      new PolicySet(
          "0.3.0",
          new PolicySet.Retry(2, 500, 60_000),
          new PolicySet.Gate(60, 20, 60, 0.7),
          new PolicySet.Lease(30_000),
          new PolicySet.Approval(7L * 24 * 60 * 60 * 1000));
  static final long START_MS = 1_795_000_000_000L;

  static final Actor SUBMITTER = new Actor("alice", List.of("submitter"));
  static final Actor APPROVER = new Actor("bob", List.of("approver"));
  static final Actor WORKER = new Actor("worker-1", List.of("worker"));
  static final Actor OPERATOR = new Actor("olga", List.of("operator", "approver"));
  static final Actor SYSTEM = new Actor("system:retry-scheduler", List.of());

  private final List<JournalRow> rows = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private RunState state;
  private Step last;
  private long nowMs = START_MS;
  private long lanePosition = 41;

  static RunScript ofPreContract(String packetId) {
    return new RunScript().submit(Input.SourceKind.PRE_CONTRACT, Documents.preContract(packetId));
  }

  static RunScript ofWorkQueue(int maxWorkers, Documents.Task... tasks) {
    return new RunScript()
        .submit(Input.SourceKind.WORK_QUEUE, Documents.workQueue("queue-run", maxWorkers, tasks));
  }

  /** A run of a work queue under a profile. */
  RunScript submitUnder(RuntimeProfile profile, JsonNode document) {
    return submit(Input.SourceKind.WORK_QUEUE, document, POLICIES, null, profile);
  }

  RunScript submit(Input.SourceKind kind, JsonNode document) {
    return submit(kind, document, POLICIES);
  }

  RunScript submit(Input.SourceKind kind, JsonNode document, PolicySet policies) {
    return submit(kind, document, policies, null);
  }

  /** A run of a work queue that is submitted while these breakers are not closed. */
  static RunScript ofWorkQueueMeeting(
      List<BreakerSnapshot> breakers, int maxWorkers, Documents.Task... tasks) {
    JsonNode document = Documents.workQueue("queue-run", maxWorkers, tasks);
    return new RunScript().submit(Input.SourceKind.WORK_QUEUE, document, POLICIES, breakers);
  }

  private RunScript submit(
      Input.SourceKind kind,
      JsonNode document,
      PolicySet policies,
      List<BreakerSnapshot> breakers) {
    return submit(kind, document, policies, breakers, null);
  }

  private RunScript submit(
      Input.SourceKind kind,
      JsonNode document,
      PolicySet policies,
      List<BreakerSnapshot> breakers,
      RuntimeProfile profile) {
    String id = kind == Input.SourceKind.PRE_CONTRACT ? "packet_id" : "run_id";
    RunId runId = new RunId(document.path(id).asText());
    RunUid runUid = RunUid.derive(NAMESPACE, runId, "0193-submission");
    Input input =
        new Input.SubmitRun(
            runUid,
            NAMESPACE,
            runId,
            new Lane(3),
            kind,
            document,
            CanonicalJson.sha256(document),
            profile,
            null,
            null,
            document.get("constraints"));
    return play(input, new Context(nowMs, SUBMITTER, telemetry(), policies, breakers, null));
  }

  /** A run that tries again what an old one gave up. */
  static RunScript redriveOf(RunScript old) {
    return new RunScript().submitRedrive(redriveInput(old));
  }

  RunScript submitRedrive(Input.SubmitRun input) {
    return play(input, new Context(nowMs, OPERATOR, telemetry(), POLICIES));
  }

  /** The submission that redrives a run, as the old run's journal makes it. */
  static Input.SubmitRun redriveInput(RunScript old) {
    RunState run = old.state();
    Input.SubmitRun first =
        (Input.SubmitRun) RecordedInput.read(old.rows().getFirst().envelope()).input();
    RunId runId = new RunId(run.runId() + ".r1");
    return new Input.SubmitRun(
        RunUid.derive(NAMESPACE, runId, "0193-redrive"),
        NAMESPACE,
        runId,
        new Lane(3),
        first.sourceKind(),
        first.document(),
        first.documentSha256(),
        first.profile(),
        run.runId(),
        new Input.Redrive(
            run.runUid(),
            List.of(run.submitter()),
            new ReasonCode("OPERATOR.REDRIVE"),
            "The mirror is back",
            deadLetters(old),
            run.tasks().stream()
                .map(TaskState::result)
                .filter(result -> result != null && result.status() == ResultStatus.PASS)
                .toList(),
            null),
        first.constraints());
  }

  static List<Input.DeadLetter> deadLetters(RunScript run) {
    List<Input.DeadLetter> dead = new ArrayList<>();
    for (JournalRow row : run.rows()) {
      if (row.envelope().topic().equals("task.dead_lettered")) {
        TaskId taskId = new TaskId(row.envelope().payload().path("task_id").asText());
        dead.add(new Input.DeadLetter(taskId, row.runUid() + "-" + row.envelope().sequence()));
      }
    }
    return dead;
  }

  RunScript play(Input input, Actor actor) {
    return play(input, new Context(nowMs, actor, telemetry(), null));
  }

  private RunScript play(Input input, Context context) {
    last = Kernel.step(state, input, context);
    state = last.state();
    for (JournalEntry entry : last.entries()) {
      String prevHash = rows.isEmpty() ? JournalRow.GENESIS : rows.getLast().hash();
      lanePosition += rows.size() % 3 == 0 ? 2 : 1;
      rows.add(
          JournalRow.seal(
              entry, state.runUid(), state.namespace(), state.lane(), lanePosition, prevHash));
      if (entry.kind() == JournalEntry.Kind.EVENT) {
        events.add(Event.read(entry.envelope().topic(), entry.envelope().payload()));
      }
    }
    return this;
  }

  RunScript after(long ms) {
    nowMs += ms;
    return this;
  }

  /** A claim as it was recorded before claimers were. */
  RunScript claim(String taskId) {
    return play(claimOf(taskId, null), WORKER);
  }

  /** A claim that names its claimer. */
  RunScript claimNamed(String taskId) {
    return play(claimOf(taskId, WORKER.subject()), WORKER);
  }

  private Input claimOf(String taskId, String claimer) {
    TaskState task = task(taskId);
    return new Input.ClaimTask(
        task.plan().taskId(),
        task.plan().queue(),
        "claim-" + rows.size(),
        "worker-1",
        "v1",
        claimer);
  }

  /** A claim with permits to probe half-open breakers. */
  RunScript claimProbing(String taskId, BreakerKey... keys) {
    return play(
        claimOf(taskId, null), new Context(nowMs, WORKER, telemetry(), null, null, List.of(keys)));
  }

  /** A claim that was given slots of limits. */
  RunScript claimHolding(String taskId, List<String> limits) {
    return play(
        claimOf(taskId, WORKER.subject()),
        new Context(nowMs, WORKER, telemetry(), null).with(limits));
  }

  /** A success that names evidence of which the store knew. */
  RunScript passWith(String taskId, List<KnownEvidence> evidence) {
    TaskState task = task(taskId);
    return play(
        new Input.ReportResult(
            attemptOf(task),
            task.fence(),
            result(taskId, ResultStatus.PASS, null, null, null),
            evidence),
        WORKER);
  }

  /** A success that an operation brought. */
  RunScript passAs(String taskId, String operationId) {
    TaskState task = task(taskId);
    return play(
        new Input.ReportResult(
            attemptOf(task), task.fence(), result(taskId, ResultStatus.PASS, null, null, null)),
        new Context(nowMs, WORKER, telemetry(), null).of(operationId));
  }

  RunScript breaker(BreakerSnapshot changed) {
    return play(new Input.BreakerChanged(changed), SYSTEM);
  }

  RunScript start(String taskId) {
    TaskState task = task(taskId);
    return play(new Input.StartTask(attemptOf(task), task.fence()), WORKER);
  }

  RunScript report(String taskId, TaskResult result) {
    TaskState task = task(taskId);
    return play(new Input.ReportResult(attemptOf(task), task.fence(), result), WORKER);
  }

  RunScript pass(String taskId) {
    return report(taskId, result(taskId, ResultStatus.PASS, null, null, null));
  }

  RunScript fail(String taskId, String reasonCode) {
    return report(taskId, result(taskId, ResultStatus.FAIL, reasonCode, null, null));
  }

  RunScript claimAndPass(String taskId) {
    return claim(taskId).after(5).start(taskId).after(120).pass(taskId);
  }

  RunScript release(String taskId) {
    TaskState task = task(taskId);
    return play(
        new Input.ReleaseTask(
            attemptOf(task), task.fence(), new ReasonCode("TRANSIENT.WORKER_SHUTDOWN")),
        WORKER);
  }

  RunScript expireLease(String taskId) {
    TaskState task = task(taskId);
    return play(new Input.ExpireLease(attemptOf(task), task.fence(), 7), SYSTEM);
  }

  /** Time passes until the attempt's deadline, and its timer fires. */
  RunScript timeOut(String taskId) {
    TaskState task = task(taskId);
    nowMs = Math.max(nowMs, task.deadlineAtMs());
    return play(new Input.TaskDeadlineDue(attemptOf(task), task.fence()), SYSTEM);
  }

  RunScript retryDue(String taskId) {
    TaskState task = task(taskId);
    nowMs = Math.max(nowMs, task.retryDueAtMs());
    return play(new Input.RetryDue(task.plan().taskId(), task.attempt()), SYSTEM);
  }

  RunScript decide(Verdict verdict, Actor actor) {
    return play(
        new Input.DecideApproval(
            verdict, new ReasonCode("HUMAN.RISK_ACCEPTED"), "Looked at the diff", gateDigest()),
        actor);
  }

  RunScript cancel() {
    return play(new Input.CancelRun(new ReasonCode("OPERATOR.CANCELLED"), "Not needed"), SUBMITTER);
  }

  RunScript pause() {
    return play(new Input.PauseRun(new ReasonCode("OPERATOR.PAUSED"), "Hold on"), SUBMITTER);
  }

  RunScript resume() {
    return play(new Input.ResumeRun(new ReasonCode("OPERATOR.RESUMED"), "Go on"), SUBMITTER);
  }

  RunScript deadlineDue() {
    return play(new Input.RunDeadlineDue(new ReasonCode("RUN.DEADLINE_EXCEEDED")), SYSTEM);
  }

  static TaskResult result(
      String taskId, ResultStatus status, String reasonCode, Integer risk, Long retryAfterMs) {
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        new TaskId(taskId),
        status,
        null,
        null,
        null,
        reasonCode == null ? null : new ReasonCode(reasonCode),
        null,
        risk,
        "model-x",
        null,
        "done at 10:00, ünïcode",
        120L,
        Documents.parse("{\"exit_code\": 0, \"seconds\": 0.25}"),
        retryAfterMs);
  }

  String gateDigest() {
    return CanonicalJson.sha256(Json.tree(state.gate()));
  }

  TaskState task(String taskId) {
    return state.task(new TaskId(taskId)).orElseThrow();
  }

  RunState state() {
    return state;
  }

  Step last() {
    return last;
  }

  List<JournalRow> rows() {
    return List.copyOf(rows);
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  long nowMs() {
    return nowMs;
  }

  /** The topics of the rows of the last step. */
  List<String> topics() {
    return last.entries().stream().map(e -> e.envelope().topic()).toList();
  }

  Rejection rejection() {
    return ((Decision.Rejected) last.decision()).rejection();
  }

  private static TelemetryRef telemetry() {
    return new TelemetryRef("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
  }

  /** The current attempt, or one that never was. */
  private AttemptId attemptOf(TaskState task) {
    return task.attemptId() == null
        ? AttemptId.derive(state.lane(), state.runUid(), 999_999)
        : task.attemptId();
  }
}
