package dev.dome.statecontroller.application;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.Context;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Input;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one transaction will write: rows of runs made by the real kernel and ledger, and whatever
 * else a test puts beside them.
 */
final class Draft {
  static final ReasonCode BY_OPERATOR = new ReasonCode("OPERATOR.CANCELLED");
  private static final TelemetryRef TRACE =
      new TelemetryRef("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");

  private final Map<Lane, LaneState> lanes;
  private final Ledger ledger;
  private final long nowMs;
  final Map<Lane, InboxCursor> cursors = new TreeMap<>();
  final List<Changes.Renewal> renewed = new ArrayList<>();
  final List<Store.Permit> permits = new ArrayList<>();
  final List<Store.RateUse> rates = new ArrayList<>();
  final List<Changes.AnswerRow> answers = new ArrayList<>();
  final List<Changes.OperationRow> operations = new ArrayList<>();
  final List<Changes.LateReport> lateReports = new ArrayList<>();
  final List<Changes.PoisonRow> poison = new ArrayList<>();
  final List<Store.LaneBreaker> breakers = new ArrayList<>();
  final List<Changes.Rewind> rewinds = new ArrayList<>();

  Draft(Map<Lane, LaneState> lanes, RunCache runs, long nowMs) {
    this.lanes = lanes;
    this.ledger = new Ledger(runs, new ReadyIndex(), lanes, Kernel::step);
    this.nowMs = nowMs;
  }

  /** A run of some tasks in a row; a submission of another name makes another run. */
  RunState submit(NamespaceId namespace, RunId runId, int tasks, String submission) {
    var document = Messages.chain(runId, tasks);
    Lane lane = Lane.of(namespace, runId, 16);
    Input input =
        new Input.SubmitRun(
            RunUid.derive(namespace, runId, submission),
            namespace,
            runId,
            lane,
            Input.SourceKind.WORK_QUEUE,
            document,
            CanonicalJson.sha256(document),
            null,
            null,
            null,
            null);
    RunHead unborn = new RunHead(null, RunHead.BEFORE_FIRST, null, "hmac-of-" + runId, "k1");
    var context = new Context(nowMs, Messages.SUBMITTER, TRACE, TestPolicies.standard());
    return accepted(ledger.apply(unborn, lane, input, context));
  }

  RunState steer(RunState run, Input input) {
    var context = new Context(nowMs, Messages.SUBMITTER, TRACE, null);
    return accepted(ledger.apply(ledger.head(run.runUid()), run.lane(), input, context));
  }

  private static RunState accepted(Step step) {
    if (!(step.decision() instanceof Decision.Accepted)) {
      throw new AssertionError("the test's own input was refused: " + step.decision());
    }
    return step.state();
  }

  /** Grants the first ready task of the run to a claim. */
  TaskState claim(RunState run, String claimId) {
    TaskState task = run.dispatchable().getFirst();
    RunState claimed =
        steer(
            run,
            new Input.ClaimTask(
                task.plan().taskId(), task.plan().queue(), claimId, "worker-1", "v1", null));
    return claimed.task(task.plan().taskId()).orElseThrow();
  }

  Changes changes() {
    List<Changes.LaneRow> rows = new ArrayList<>();
    Set<Lane> touched = new HashSet<>(ledger.touchedLanes());
    touched.addAll(cursors.keySet());
    for (Lane lane : touched) {
      LaneState owned = lanes.get(lane);
      rows.add(
          new Changes.LaneRow(
              lane, ledger.position(owned), cursors.getOrDefault(lane, owned.cursor)));
    }
    return new Changes(
        ledger.journal(),
        ledger.runRows(),
        ledger.taskRows(),
        ledger.granted(),
        renewed,
        ledger.ended().stream().map(id -> new Changes.EndedLease(id, nowMs)).toList(),
        permits,
        rates,
        answers,
        operations,
        lateReports,
        poison,
        rows,
        breakers,
        rewinds);
  }

  /** After the commit: the next draft goes on from here. */
  void settle(RunCache runs) {
    ledger.publishTo(runs);
    for (Changes.LaneRow row : changes().lanes()) {
      lanes.get(row.lane()).position = row.position();
      lanes.get(row.lane()).cursor = row.cursor();
    }
  }
}
