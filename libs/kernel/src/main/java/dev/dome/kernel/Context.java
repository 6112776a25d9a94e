package dev.dome.kernel;

import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.wire.Actor;
import java.util.List;

/**
 * Every outside fact a decision may use besides its input. It is stored whole in the INPUT row.
 *
 * @param observedAtMs epoch milliseconds on the lane writer's clock
 * @param telemetryRef the trace the input belongs to, never null
 * @param policies the policies to pin; set for a submission only, null otherwise
 * @param breakers the breakers of the namespace that are not closed; set for a submission only, and
 *     null when there are none
 * @param probes the half-open breakers of which this claim has a permit to probe, null when none
 * @param operationId the operation that brought the input, null for what no operation asked for and
 *     for rows of before operations were named; no decision uses it
 * @param permits the limits of which this claim was given a slot, null when none; no decision uses
 *     it
 */
public record Context(
    long observedAtMs,
    Actor actor,
    TelemetryRef telemetryRef,
    PolicySet policies,
    List<BreakerSnapshot> breakers,
    List<BreakerKey> probes,
    String operationId,
    List<String> permits) {

  /** The context of an input that takes no slots. */
  public Context(
      long observedAtMs,
      Actor actor,
      TelemetryRef telemetryRef,
      PolicySet policies,
      List<BreakerSnapshot> breakers,
      List<BreakerKey> probes,
      String operationId) {
    this(observedAtMs, actor, telemetryRef, policies, breakers, probes, operationId, null);
  }

  /** The context of an input that no operation brought. */
  public Context(
      long observedAtMs,
      Actor actor,
      TelemetryRef telemetryRef,
      PolicySet policies,
      List<BreakerSnapshot> breakers,
      List<BreakerKey> probes) {
    this(observedAtMs, actor, telemetryRef, policies, breakers, probes, null);
  }

  /** The context of a decision that no breaker has a part in. */
  public Context(long observedAtMs, Actor actor, TelemetryRef telemetryRef, PolicySet policies) {
    this(observedAtMs, actor, telemetryRef, policies, null, null);
  }

  /** The same context of an input that an operation brought. */
  public Context of(String operation) {
    return new Context(
        observedAtMs, actor, telemetryRef, policies, breakers, probes, operation, permits);
  }

  /** The same context of a claim that was given slots of limits. */
  public Context with(List<String> slotsOf) {
    return new Context(
        observedAtMs, actor, telemetryRef, policies, breakers, probes, operationId, slotsOf);
  }
}
