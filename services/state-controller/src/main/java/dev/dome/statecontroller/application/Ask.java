package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.Input;
import java.util.Objects;

/**
 * An inbox message that was understood.
 *
 * @param input what it means to the kernel, null when it is not about runs
 * @param claimNext what the reporting worker would like to do next, or null
 */
record Ask(Command.Delivery delivery, InboxMessage message, Input input, Claim.Request claimNext) {

  /**
   * Reads a message.
   *
   * @throws RuntimeException of any kind when the bytes are not a message of a known shape
   */
  static Ask read(Command.Delivery delivery) {
    InboxMessage message = Json.read(delivery.body(), InboxMessage.class);
    check(message);
    if (message.kind() == InboxKind.REPORT_RESULT) {
      InboxBody.Report body = body(message, InboxBody.Report.class);
      Objects.requireNonNull(body.result(), "result");
      Input input =
          new Input.ReportResult(message.attemptId(), body.fence(), body.result(), body.evidence());
      return new Ask(delivery, message, input, claimNext(message, body.claimNext()));
    }
    return new Ask(delivery, message, input(message, delivery.lane()), null);
  }

  /** Who reports is who claims; the claim itself does not say. */
  private static Claim.Request claimNext(InboxMessage message, Claim.Request claim) {
    return claim == null ? null : claim.by(message.actor());
  }

  private static void check(InboxMessage message) {
    Objects.requireNonNull(message.operationId(), "operation_id");
    Objects.requireNonNull(message.namespace(), "namespace");
    Objects.requireNonNull(message.actor(), "actor");
    switch (message.kind()) {
      case REPORT_RESULT, RELEASE_TASK, TASK_DEADLINE_DUE ->
          Objects.requireNonNull(message.attemptId(), "attempt_id");
      case SUBMIT_RUN,
          CANCEL_RUN,
          PAUSE_RUN,
          RESUME_RUN,
          DECIDE_APPROVAL,
          RETRY_DUE,
          RUN_DEADLINE_DUE ->
          Objects.requireNonNull(message.runId(), "run_id");
      case BREAKER_CHANGED, REPUBLISH_LANE -> Objects.requireNonNull(message.body(), "body");
    }
  }

  private static Input input(InboxMessage message, Lane lane) {
    return switch (message.kind()) {
      case SUBMIT_RUN -> submission(message, lane);
      case REPORT_RESULT -> throw new IllegalStateException("a report is read with its claim");
      case RELEASE_TASK -> {
        var body = body(message, InboxBody.Release.class);
        yield new Input.ReleaseTask(message.attemptId(), body.fence(), body.reasonCode());
      }
      case CANCEL_RUN -> {
        var body = body(message, InboxBody.Steering.class);
        yield new Input.CancelRun(body.reasonCode(), body.comment());
      }
      case PAUSE_RUN -> {
        var body = body(message, InboxBody.Steering.class);
        yield new Input.PauseRun(body.reasonCode(), body.comment());
      }
      case RESUME_RUN -> {
        var body = body(message, InboxBody.Steering.class);
        yield new Input.ResumeRun(body.reasonCode(), body.comment());
      }
      case DECIDE_APPROVAL -> {
        var body = body(message, InboxBody.Approval.class);
        yield new Input.DecideApproval(
            body.decision(), body.reasonCode(), body.comment(), body.gateDigest());
      }
      case RETRY_DUE -> {
        var body = body(message, InboxBody.Retry.class);
        yield new Input.RetryDue(body.taskId(), body.attempt());
      }
      case TASK_DEADLINE_DUE -> {
        var body = body(message, InboxBody.TaskDeadline.class);
        yield new Input.TaskDeadlineDue(message.attemptId(), body.fence());
      }
      case RUN_DEADLINE_DUE ->
          new Input.RunDeadlineDue(body(message, InboxBody.Deadline.class).reasonCode());
      case BREAKER_CHANGED -> new Input.BreakerChanged(body(message, BreakerSnapshot.class));
      case REPUBLISH_LANE -> null;
    };
  }

  private static Input submission(InboxMessage message, Lane lane) {
    InboxBody.Submit body = body(message, InboxBody.Submit.class);
    Objects.requireNonNull(body.document(), "document");
    return new Input.SubmitRun(
        RunUid.derive(message.namespace(), message.runId(), message.operationId()),
        message.namespace(),
        message.runId(),
        lane,
        Objects.requireNonNull(body.sourceKind(), "source_kind"),
        body.document(),
        CanonicalJson.sha256(body.document()),
        body.profile(),
        body.redriveOf(),
        body.redrive(),
        constraints(body.document()));
  }

  /** The contract's constraints on what its commands may change; null when it has none. */
  private static JsonNode constraints(JsonNode document) {
    JsonNode constraints = document.path("constraints");
    return constraints.isObject() && !constraints.isEmpty() ? constraints : null;
  }

  private static <T> T body(InboxMessage message, Class<T> type) {
    return Json.read(Objects.requireNonNull(message.body(), "body"), type);
  }

  /** The row that recognises a repeat, or null when the message carries no key. */
  Store.AnswerKey answerKey() {
    InboxMessage.IdempotencyKey key = message.idempotency();
    return key == null
        ? null
        : new Store.AnswerKey(
            message.namespace(), message.actor().subject(), key.operation(), key.key());
  }

  Store.OperationName operation() {
    return new Store.OperationName(message.namespace(), message.operationId());
  }

  /** The run that is named, or null when an attempt is. */
  Store.RunName runName() {
    return message.runId() == null ? null : new Store.RunName(message.namespace(), message.runId());
  }
}
