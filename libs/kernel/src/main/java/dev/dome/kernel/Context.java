package dev.dome.kernel;

import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.wire.Actor;

/**
 * Every outside fact a decision may use besides its input. It is stored whole in the INPUT row.
 *
 * @param observedAtMs epoch milliseconds on the lane writer's clock
 * @param telemetryRef the trace the input belongs to, never null
 * @param policies the policies to pin; set for a submission only, null otherwise
 */
public record Context(
    long observedAtMs, Actor actor, TelemetryRef telemetryRef, PolicySet policies) {}
