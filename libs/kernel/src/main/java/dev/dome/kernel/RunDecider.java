package dev.dome.kernel;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.ReasonCode;
import java.util.List;
import java.util.Optional;

/** Decisions about a run as a whole that come from people and clocks. */
final class RunDecider {
  private static final String APPROVER = "approver";

  private RunDecider() {}

  /** Pausing a paused run changes nothing; the caller has what it asked for. */
  static Deliberation pause(RunState state, Input.PauseRun input, Context context) {
    if (RunTransitions.next(state.status(), RunSignal.PAUSE).isEmpty()) {
      return illegal(state, RunSignal.PAUSE, context);
    }
    if (state.paused()) {
      return Decider.ignored(state);
    }
    Proceedings proceedings = Proceedings.of(state, context);
    proceedings.record(
        new Event.RunPaused(proceedings.actor(), input.reasonCode(), input.comment()));
    return proceedings.accepted();
  }

  /** Resuming a run that is not paused changes nothing; the caller has what it asked for. */
  static Deliberation resume(RunState state, Input.ResumeRun input, Context context) {
    if (RunTransitions.next(state.status(), RunSignal.RESUME).isEmpty()) {
      return illegal(state, RunSignal.RESUME, context);
    }
    if (!state.paused()) {
      return Decider.ignored(state);
    }
    Proceedings proceedings = Proceedings.of(state, context);
    proceedings.record(
        new Event.RunResumed(proceedings.actor(), input.reasonCode(), input.comment()));
    return proceedings.accepted();
  }

  /** What the run knows already, and what guards none of its open tasks, changes nothing. */
  static Deliberation breakerChanged(RunState state, Input.BreakerChanged input, Context context) {
    BreakerSnapshot changed = input.breaker();
    Optional<BreakerSnapshot> known = state.breaker(changed.key());
    boolean news =
        known.isPresent()
            ? known.get().version() < changed.version()
            : changed.phase() != BreakerPhase.CLOSED && guardsOpenTask(state, changed);
    if (state.status().isFinal() || !news) {
      return Decider.ignored(state);
    }
    Proceedings proceedings = Proceedings.of(state, context);
    proceedings.record(new Event.RunBreakerChanged(changed));
    return proceedings.accepted();
  }

  private static boolean guardsOpenTask(RunState state, BreakerSnapshot breaker) {
    return state.tasks().stream()
        .anyMatch(task -> !task.isSettled() && task.plan().guards().contains(breaker.key()));
  }

  static Deliberation cancel(RunState state, Input.CancelRun input, Context context) {
    if (RunTransitions.next(state.status(), RunSignal.CANCEL).isEmpty()) {
      return illegal(state, RunSignal.CANCEL, context);
    }
    Proceedings proceedings = Proceedings.of(state, context);
    endLeases(state, proceedings);
    proceedings.record(
        new Event.RunCancelled(proceedings.actor(), input.reasonCode(), input.comment()));
    proceedings.record(new Event.RunCompleted(RunStatus.CANCELLED, input.reasonCode()));
    return proceedings.accepted();
  }

  /** A timer of a run that is final, has no deadline or has a later one by now is stale. */
  static Deliberation deadlineDue(RunState state, Context context) {
    boolean due =
        !state.status().isFinal()
            && state.deadlineAtMs() != null
            && context.observedAtMs() >= state.deadlineAtMs() - Decider.TIMER_TOLERANCE_MS;
    if (!due) {
      return Decider.ignored(state);
    }
    ReasonCode why =
        state.status() == RunStatus.AWAITING_APPROVAL
            ? KernelReasonCodes.APPROVAL_EXPIRED
            : KernelReasonCodes.RUN_DEADLINE_EXCEEDED;
    Proceedings proceedings = Proceedings.of(state, context);
    endLeases(state, proceedings);
    proceedings.record(new Event.RunExpired(why));
    proceedings.record(new Event.RunCompleted(RunStatus.EXPIRED, why));
    return proceedings.accepted();
  }

  static Deliberation approve(RunState state, Input.DecideApproval input, Context context) {
    Optional<Rejection> refused = refusal(state, input, context);
    if (refused.isPresent()) {
      return Decider.rejected(state, refused.get());
    }
    if (state.status() != RunStatus.AWAITING_APPROVAL) {
      return illegal(state, signalOf(input.decision()), context);
    }
    if (!CanonicalJson.sha256(Json.tree(state.gate())).equals(input.gateDigest())) {
      return Decider.rejected(
          state,
          Rejections.conflict(
              KernelReasonCodes.GATE_DIGEST_MISMATCH,
              "expected the digest of the run's gate decision but was another one"));
    }
    Proceedings proceedings = Proceedings.of(state, context);
    PromotionDecision promotion =
        PromotionPolicy.byHuman(
            state.gate(), input.decision(), input.reasonCode(), proceedings.actor());
    proceedings.record(
        new Event.ApprovalRecorded(
            proceedings.actor(),
            input.decision(),
            input.reasonCode(),
            input.comment(),
            input.gateDigest()));
    proceedings.record(new Event.PromotionDecided(promotion, null));
    Settlement.complete(proceedings, promotion);
    return proceedings.accepted();
  }

  /** What is wrong with the answer or the one who gives it, whatever state the run is in. */
  private static Optional<Rejection> refusal(
      RunState state, Input.DecideApproval input, Context context) {
    if (!context.actor().has(APPROVER)) {
      return Optional.of(
          Rejections.forbidden(
              KernelReasonCodes.AUTH_SCOPE, "expected the role approver but the caller lacks it"));
    }
    if (state.submittedBy(context.actor().subject())) {
      return Optional.of(
          Rejections.forbidden(
              KernelReasonCodes.POLICY_SELF_APPROVAL,
              "expected another approver but the caller submitted the run"));
    }
    if (input.decision() != Verdict.APPROVE && input.decision() != Verdict.REJECT) {
      return Optional.of(missing("/decision", "expected APPROVE or REJECT"));
    }
    if (input.reasonCode() == null) {
      return Optional.of(missing("/reason_code", "expected a reason code"));
    }
    if (input.comment() == null || input.comment().isBlank()) {
      return Optional.of(missing("/comment", "expected a comment that is not blank"));
    }
    return Optional.empty();
  }

  private static Rejection missing(String pointer, String detail) {
    return Rejections.field(KernelReasonCodes.SCHEMA_REQUIRED, pointer, detail);
  }

  /** Recorded, unless the run is final: a final run's journal does not grow. */
  private static Deliberation illegal(RunState state, RunSignal signal, Context context) {
    Rejection rejection = Rejections.illegal(state.status(), signal);
    if (state.status().isFinal()) {
      return Decider.rejected(state, rejection);
    }
    Proceedings proceedings = Proceedings.of(state, context);
    Event recorded =
        new Event.TransitionRejected(
            null,
            state.status().name(),
            signal.name(),
            rejection.reasonCode(),
            proceedings.actor());
    proceedings.record(recorded);
    return new Deliberation(
        new Decision.Rejected(rejection, List.of(recorded)), proceedings.run().toState());
  }

  private static RunSignal signalOf(Verdict decision) {
    return decision == Verdict.APPROVE ? RunSignal.APPROVE : RunSignal.REJECT;
  }

  private static void endLeases(RunState state, Proceedings proceedings) {
    state.tasks().stream()
        .filter(TaskState::isLeased)
        .forEach(t -> proceedings.effect(new Effect.EndLease(t.attemptId())));
  }
}
