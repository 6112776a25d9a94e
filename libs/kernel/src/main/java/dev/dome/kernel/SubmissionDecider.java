package dev.dome.kernel;

import java.util.List;
import java.util.Optional;

/** Decides whether a document becomes a run. */
final class SubmissionDecider {
  private static final long MS_PER_MINUTE = 60_000;

  private SubmissionDecider() {}

  static Deliberation decide(Input.SubmitRun input, Context context) {
    Planner.Planned planned = Planner.plan(input);
    if (!planned.errors().isEmpty()) {
      return new Deliberation(
          new Decision.Rejected(Rejections.fields(planned.errors()), List.of()), null);
    }
    RuntimeProfile profile = input.profile();
    Plan plan =
        profile == null
            ? planned.plan()
            : planned.plan().within(profile.budgets(), input.sourceKind());
    PolicySet policies =
        profile == null ? context.policies() : context.policies().under(profile.budgets());
    Optional<Rejection> mismatch = Redrives.mismatch(input, plan);
    if (mismatch.isPresent()) {
      return new Deliberation(new Decision.Rejected(mismatch.get(), List.of()), null);
    }
    Long deadlineAtMs =
        plan.timeMinutes() == null
            ? null
            : (Long) (context.observedAtMs() + plan.timeMinutes() * MS_PER_MINUTE);
    Proceedings proceedings = Proceedings.ofNewRun(context);
    proceedings.record(
        new Event.PlanWaveCreated(
            input.runUid(),
            input.namespace(),
            input.runId(),
            input.lane(),
            Kernel.DECIDER_VERSION,
            input.sourceKind(),
            plan.contractVersion(),
            input.documentSha256(),
            plan.baseRef(),
            context.actor().subject(),
            context.telemetryRef().traceIdHex(),
            policies,
            policies.digest(),
            plan.maxWorkers(),
            deadlineAtMs,
            input.redriveOf(),
            plan.tasks(),
            input.redrive() == null ? null : input.redrive().submitters(),
            input.constraints()));
    meetBreakers(proceedings, context);
    Redrives.takeOver(proceedings, input);
    Settlement.assignReady(proceedings);
    return proceedings.accepted();
  }

  /** A run that is submitted while a breaker of its tasks is not closed knows it from the start. */
  private static void meetBreakers(Proceedings proceedings, Context context) {
    if (context.breakers() == null) {
      return;
    }
    for (BreakerSnapshot breaker : context.breakers()) {
      boolean guards =
          proceedings.run().tasks().stream()
              .anyMatch(task -> task.plan().guards().contains(breaker.key()));
      if (guards && breaker.phase() != BreakerPhase.CLOSED) {
        proceedings.record(new Event.RunBreakerChanged(breaker));
      }
    }
  }
}
