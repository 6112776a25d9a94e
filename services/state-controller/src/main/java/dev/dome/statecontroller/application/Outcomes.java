package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Rejection;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import java.util.List;

/** What a decision amounts to for the asker: status, body and reason code. */
final class Outcomes {
  static final ReasonCode RUN_ID_CONFLICT = new ReasonCode("RUN.ID_CONFLICT");
  static final ReasonCode IDEMPOTENCY_CONFLICT = new ReasonCode("IDEMPOTENCY.CONFLICT");
  static final ReasonCode RUN_NOT_FOUND = new ReasonCode("RUN.NOT_FOUND");
  static final ReasonCode ATTEMPT_NOT_FOUND = new ReasonCode("ATTEMPT.NOT_FOUND");
  static final ReasonCode ATTEMPT_FENCED = new ReasonCode("ATTEMPT.FENCED");
  static final ReasonCode ATTEMPT_NOT_CLAIMER = new ReasonCode("ATTEMPT.NOT_CLAIMER");
  static final ReasonCode REDRIVE_UNDER_WAY = new ReasonCode("REDRIVE.UNDER_WAY");
  static final ReasonCode REDRIVE_PROMOTED = new ReasonCode("REDRIVE.PROMOTED");
  static final ReasonCode POISON = new ReasonCode("INTERNAL.POISON");

  private Outcomes() {}

  /**
   * The outcome of a step.
   *
   * @param before the run before the step, null for a submission
   */
  static Outcome of(Ask ask, RunState before, Step step) {
    RunState run = step.state();
    return switch (step.decision()) {
      case Decision.Rejected rejected -> rejection(ask, rejected.rejection(), run);
      case Decision.Accepted accepted -> success(ask, before, run);
      case Decision.Ignored ignored -> success(ask, before, run);
    };
  }

  private static Outcome success(Ask ask, RunState before, RunState run) {
    return switch (ask.message().kind()) {
      case SUBMIT_RUN -> submitted(ask, run, 201);
      case REPORT_RESULT -> reported(ask, before, run);
      case RELEASE_TASK,
          CANCEL_RUN,
          PAUSE_RUN,
          RESUME_RUN,
          DECIDE_APPROVAL,
          RETRY_DUE,
          TASK_DEADLINE_DUE,
          RUN_DEADLINE_DUE ->
          steered(ask, run);
      case BREAKER_CHANGED, REPUBLISH_LANE ->
          throw new IllegalStateException("no run is asked to " + ask.message().kind());
    };
  }

  /** 201 for a new run, 200 for one that the same body made before. */
  static Outcome submitted(Ask ask, RunState run, int status) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("run_id", run.runId().value());
    body.put("run_uid", run.runUid().value());
    body.put("namespace", run.namespace().value());
    body.put("status", run.status().name());
    return success(ask, run, status, body);
  }

  private static Outcome reported(Ask ask, RunState before, RunState run) {
    TaskState task = before.taskOf(ask.message().attemptId()).orElseThrow();
    TaskState after = run.task(task.plan().taskId()).orElseThrow();
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("attempt_id", ask.message().attemptId().value());
    body.put("task_id", task.plan().taskId().value());
    body.put("task_status", after.status().name());
    body.put("run_status", run.status().name());
    if (ask.claimNext() != null) {
      body.putArray("tasks");
    }
    return success(ask, run, 200, body);
  }

  private static Outcome steered(Ask ask, RunState run) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("run_id", run.runId().value());
    body.put("status", run.status().name());
    body.put("paused", run.paused());
    return success(ask, run, 200, body);
  }

  private static Outcome success(Ask ask, RunState run, int status, ObjectNode body) {
    Outcome.Position position = position(run);
    body.set("position", Json.tree(position));
    return new Outcome(ask.message().operationId(), status, body, null, null, List.of(), position);
  }

  private static Outcome rejection(Ask ask, Rejection rejection, RunState run) {
    int status =
        switch (rejection.kind()) {
          case UNPROCESSABLE -> 422;
          case CONFLICT -> 409;
          case FORBIDDEN -> 403;
        };
    return new Outcome(
        ask.message().operationId(),
        status,
        null,
        rejection.reasonCode(),
        rejection.detail(),
        rejection.errors(),
        run == null ? null : position(run));
  }

  /** A rejection that the writer itself decides. */
  static Outcome refused(InboxMessage message, int status, ReasonCode code, String detail) {
    return new Outcome(message.operationId(), status, null, code, detail, List.of(), null);
  }

  private static Outcome.Position position(RunState run) {
    return new Outcome.Position(run.runId(), run.sequence());
  }
}
