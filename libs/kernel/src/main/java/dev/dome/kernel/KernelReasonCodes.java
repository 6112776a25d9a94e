package dev.dome.kernel;

import dev.dome.contracts.id.ReasonCode;
import java.util.ArrayList;
import java.util.List;

/** Every reason code the kernel itself gives; each is in the catalog of ssot. */
public final class KernelReasonCodes {
  public static final ReasonCode APPROVAL_EXPIRED = new ReasonCode("APPROVAL.EXPIRED");
  public static final ReasonCode ATTEMPT_FENCED = new ReasonCode("ATTEMPT.FENCED");
  public static final ReasonCode ATTEMPT_NOT_CLAIMER = new ReasonCode("ATTEMPT.NOT_CLAIMER");
  public static final ReasonCode AUTH_SCOPE = new ReasonCode("AUTH.SCOPE");
  public static final ReasonCode BREAKER_HALF_OPEN = new ReasonCode("BREAKER.HALF_OPEN");
  public static final ReasonCode BREAKER_OPEN = new ReasonCode("BREAKER.OPEN");
  public static final ReasonCode BREAKER_PAUSED = new ReasonCode("BREAKER.PAUSED");
  public static final ReasonCode DEPENDENCY_BLOCKED = new ReasonCode("DEPENDENCY.BLOCKED");
  public static final ReasonCode EXEC_NONZERO_EXIT = new ReasonCode("EXEC.NONZERO_EXIT");
  public static final ReasonCode GATE_DIGEST_MISMATCH = new ReasonCode("GATE.DIGEST_MISMATCH");
  public static final ReasonCode PLAN_BAD_COMMAND = new ReasonCode("PLAN.BAD_COMMAND");
  public static final ReasonCode PLAN_BAD_RUN_ID = new ReasonCode("PLAN.BAD_RUN_ID");
  public static final ReasonCode PLAN_BAD_TASK_ID = new ReasonCode("PLAN.BAD_TASK_ID");
  public static final ReasonCode PLAN_CYCLE = new ReasonCode("PLAN.CYCLE");
  public static final ReasonCode PLAN_DUPLICATE_TASK_ID = new ReasonCode("PLAN.DUPLICATE_TASK_ID");
  public static final ReasonCode PLAN_EMPTY_TASK_ID = new ReasonCode("PLAN.EMPTY_TASK_ID");
  public static final ReasonCode PLAN_FORBIDDEN_KEY = new ReasonCode("PLAN.FORBIDDEN_KEY");
  public static final ReasonCode PLAN_METHOD_NOT_ALLOWED =
      new ReasonCode("PLAN.METHOD_NOT_ALLOWED");
  public static final ReasonCode PLAN_NO_TASKS = new ReasonCode("PLAN.NO_TASKS");
  public static final ReasonCode PLAN_SHELL_OPERATOR = new ReasonCode("PLAN.SHELL_OPERATOR");
  public static final ReasonCode PLAN_TASK_SPEC = new ReasonCode("PLAN.TASK_SPEC");
  public static final ReasonCode PLAN_UNKNOWN_DEPENDENCY =
      new ReasonCode("PLAN.UNKNOWN_DEPENDENCY");
  public static final ReasonCode POLICY_NEEDS_HUMAN = new ReasonCode("POLICY.NEEDS_HUMAN");
  public static final ReasonCode POLICY_SELF_APPROVAL = new ReasonCode("POLICY.SELF_APPROVAL");
  public static final ReasonCode REDRIVE_MISMATCH = new ReasonCode("REDRIVE.MISMATCH");
  public static final ReasonCode REQUEST_LIMIT_EXCEEDED = new ReasonCode("REQUEST.LIMIT_EXCEEDED");
  public static final ReasonCode RESULT_TASK_MISMATCH = new ReasonCode("RESULT.TASK_MISMATCH");
  public static final ReasonCode RETRY_BUDGET_EXHAUSTED = new ReasonCode("RETRY.BUDGET_EXHAUSTED");
  public static final ReasonCode RUN_CANCELLED = new ReasonCode("RUN.CANCELLED");
  public static final ReasonCode RUN_DEADLINE_EXCEEDED = new ReasonCode("RUN.DEADLINE_EXCEEDED");
  public static final ReasonCode RUN_ID_CONFLICT = new ReasonCode("RUN.ID_CONFLICT");
  public static final ReasonCode SCHEMA_RANGE = new ReasonCode("SCHEMA.RANGE");
  public static final ReasonCode SCHEMA_REQUIRED = new ReasonCode("SCHEMA.REQUIRED");
  public static final ReasonCode SCHEMA_PATTERN = new ReasonCode("SCHEMA.PATTERN");
  public static final ReasonCode SCHEMA_TYPE = new ReasonCode("SCHEMA.TYPE");
  public static final ReasonCode TASK_NOT_DISPATCHABLE = new ReasonCode("TASK.NOT_DISPATCHABLE");
  public static final ReasonCode TRANSIENT_LEASE_EXPIRED =
      new ReasonCode("TRANSIENT.LEASE_EXPIRED");
  public static final ReasonCode TRANSIENT_RELEASED = new ReasonCode("TRANSIENT.RELEASED");
  public static final ReasonCode TRANSIENT_TIMEOUT = new ReasonCode("TRANSIENT.TIMEOUT");
  public static final ReasonCode VERIFY_TEST_FAILURE = new ReasonCode("VERIFY.TEST_FAILURE");
  public static final ReasonCode WAITING_APPROVAL = new ReasonCode("WAITING.APPROVAL");
  public static final ReasonCode WAITING_GATE = new ReasonCode("WAITING.GATE");
  public static final ReasonCode WAITING_PAUSED = new ReasonCode("WAITING.PAUSED");
  public static final ReasonCode WAITING_RESULT = new ReasonCode("WAITING.RESULT");
  public static final ReasonCode WAITING_RETRY_DELAY = new ReasonCode("WAITING.RETRY_DELAY");
  public static final ReasonCode WAITING_CONCURRENCY_LIMIT =
      new ReasonCode("WAITING.CONCURRENCY_LIMIT");
  public static final ReasonCode WAITING_QUEUE_LIMIT = new ReasonCode("WAITING.QUEUE_LIMIT");
  public static final ReasonCode WAITING_RATE_LIMIT = new ReasonCode("WAITING.RATE_LIMIT");
  public static final ReasonCode WAITING_WORKER = new ReasonCode("WAITING.WORKER");
  public static final ReasonCode WAITING_WORKER_LIMIT = new ReasonCode("WAITING.WORKER_LIMIT");

  /** The signals somebody outside can send a run; the others follow from a run's own events. */
  private static final List<RunSignal> ASKED =
      List.of(
          RunSignal.APPROVE, RunSignal.REJECT, RunSignal.PAUSE, RunSignal.RESUME, RunSignal.CANCEL);

  /** The statuses a run can be found in between two steps; it only passes through the others. */
  private static final List<RunStatus> AT_REST =
      List.of(
          RunStatus.RUNNING,
          RunStatus.AWAITING_APPROVAL,
          RunStatus.PROMOTED,
          RunStatus.REJECTED,
          RunStatus.CANCELLED,
          RunStatus.EXPIRED);

  private static final String INVALID_TRANSITION = "STATE.INVALID_TRANSITION.";

  private KernelReasonCodes() {}

  /** The code of a move that the run table does not have. */
  static ReasonCode invalidTransition(RunStatus from, RunSignal signal) {
    return new ReasonCode(INVALID_TRANSITION + from + "." + signal);
  }

  /** The codes of every move of a run that can be asked for and is not in its table, in order. */
  public static List<ReasonCode> invalidTransitions() {
    List<ReasonCode> codes = new ArrayList<>();
    for (RunStatus from : AT_REST) {
      for (RunSignal signal : ASKED) {
        if (RunTransitions.next(from, signal).isEmpty()) {
          codes.add(invalidTransition(from, signal));
        }
      }
    }
    return List.copyOf(codes);
  }
}
