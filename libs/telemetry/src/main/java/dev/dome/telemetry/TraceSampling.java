package dev.dome.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.Optional;

/**
 * Which traces are exported: a share of them, by trace id alone. So every service comes to the same
 * answer about a trace at any time, also about one whose id it only finds in a journal row; and the
 * sampled flag of a caller, who may be anyone, can neither cost anything nor cut a trace in two. A
 * caller's tracestate goes no further: it may hold anything, and nothing here reads it.
 */
public final class TraceSampling implements Sampler {
  private final Sampler ratio;
  private final boolean on;

  /**
   * Samples nothing without an endpoint.
   *
   * @param share 0 to 1
   */
  public TraceSampling(Optional<String> endpoint, double share) {
    this.on = endpoint.isPresent() && share > 0;
    this.ratio = on ? Sampler.traceIdRatioBased(share) : Sampler.alwaysOff();
  }

  /** Whether spans of the trace are exported. */
  public boolean sampled(String traceIdHex) {
    return ratio
            .shouldSample(
                Context.root(), traceIdHex, "", SpanKind.INTERNAL, Attributes.empty(), List.of())
            .getDecision()
        == SamplingDecision.RECORD_AND_SAMPLE;
  }

  /** Whether spans of any trace are. */
  public boolean on() {
    return on;
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceIdHex,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    return new Decided(
        ratio.shouldSample(parent, traceIdHex, name, kind, attributes, links).getDecision());
  }

  private record Decided(SamplingDecision decision) implements SamplingResult {
    @Override
    public SamplingDecision getDecision() {
      return decision;
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.empty();
    }

    @Override
    public TraceState getUpdatedTraceState(TraceState ofCaller) {
      return TraceState.getDefault();
    }
  }

  @Override
  public String getDescription() {
    return "dome by trace id: " + ratio.getDescription();
  }
}
