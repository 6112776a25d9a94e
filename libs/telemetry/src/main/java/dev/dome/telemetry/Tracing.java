package dev.dome.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes spans of traces that are exported, and nothing at all of others. */
public final class Tracing {
  /** Beyond it a batch is linked to some of its causes only. */
  private static final int MAX_LINKS = 32;

  private final Tracer tracer;
  private final TraceSampling sampling;

  public Tracing(Tracer tracer, TraceSampling sampling) {
    this.tracer = tracer;
    this.sampling = sampling;
  }

  /** Exports nothing. */
  public static Tracing off() {
    return new Tracing(TracerProvider.noop().get("off"), new TraceSampling(Optional.empty(), 0));
  }

  /** Whether any trace is exported; where it is not, callers spare themselves the preparation. */
  public boolean on() {
    return sampling.on();
  }

  /** Whether spans of the trace are exported. */
  public boolean sampled(String traceIdHex) {
    return sampling.sampled(traceIdHex);
  }

  /** A span below another one, which may be of another process; empty when it is not exported. */
  public Optional<SpanBuilder> below(SpanContext parent, String name, SpanKind kind) {
    return sampled(parent.getTraceId()) ? Optional.of(child(parent, name, kind)) : Optional.empty();
  }

  /**
   * One span for work that several traces caused: in the trace of the first of them that is
   * exported, linked to the others. Empty when none is.
   */
  public Optional<SpanBuilder> joint(Stream<SpanContext> causes, String name, SpanKind kind) {
    if (!on()) {
      return Optional.empty();
    }
    List<SpanContext> exported =
        causes.filter(cause -> sampled(cause.getTraceId())).distinct().limit(MAX_LINKS).toList();
    if (exported.isEmpty()) {
      return Optional.empty();
    }
    SpanBuilder joint = child(exported.getFirst(), name, kind);
    exported.stream().skip(1).forEach(joint::addLink);
    return Optional.of(joint);
  }

  /**
   * Starts a span under an id that can be derived elsewhere too.
   *
   * @param spanIdHex 16 hex digits, not all 0
   */
  public Span start(SpanBuilder span, String spanIdHex) {
    return DerivedSpanIds.start(span, spanIdHex);
  }

  private SpanBuilder child(SpanContext parent, String name, SpanKind kind) {
    return tracer
        .spanBuilder(name)
        .setParent(Context.root().with(Span.wrap(parent)))
        .setSpanKind(kind);
  }
}
