package dev.dome.kernel;

import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.ReasonCode;
import java.util.List;

/** The kernel's refusals, each with one sentence that says what was expected. */
final class Rejections {
  private Rejections() {}

  static Rejection runExists(RunState state) {
    return conflict(
        KernelReasonCodes.RUN_ID_CONFLICT,
        "expected a new run but " + state.runId() + " has been submitted before");
  }

  static Rejection fenced(AttemptId attemptId) {
    return conflict(
        KernelReasonCodes.ATTEMPT_FENCED,
        "expected the current attempt and fence of a task but " + attemptId + " is over");
  }

  static Rejection notClaimer(AttemptId attemptId) {
    return forbidden(
        KernelReasonCodes.ATTEMPT_NOT_CLAIMER,
        "expected the principal that claimed " + attemptId + " but was another one");
  }

  static Rejection notDispatchable(Input.ClaimTask claim) {
    return conflict(
        KernelReasonCodes.TASK_NOT_DISPATCHABLE,
        "expected a ready task of queue " + claim.queue() + " but was " + claim.taskId());
  }

  static Rejection notPermitted(Input.ClaimTask claim) {
    return conflict(
        KernelReasonCodes.TASK_NOT_DISPATCHABLE,
        "expected a permit to probe every half-open breaker of " + claim.taskId());
  }

  static Rejection illegal(RunStatus from, RunSignal signal) {
    return conflict(
        KernelReasonCodes.invalidTransition(from, signal),
        "expected a run that can " + signal + " but it is " + from);
  }

  static Rejection field(ReasonCode code, String pointer, String detail) {
    return fields(List.of(new FieldError(pointer, code, detail)));
  }

  /** All of one document's errors, in the order of the document; the first one names the whole. */
  static Rejection fields(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    return new Rejection(
        Rejection.Kind.UNPROCESSABLE, first.reasonCode(), first.detail(), List.copyOf(errors));
  }

  static Rejection forbidden(ReasonCode code, String detail) {
    return new Rejection(Rejection.Kind.FORBIDDEN, code, detail, List.of());
  }

  static Rejection conflict(ReasonCode code, String detail) {
    return new Rejection(Rejection.Kind.CONFLICT, code, detail, List.of());
  }
}
