package dev.dome.ingest.api;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;

/** The current span in the form that travels: W3C trace context. */
final class TraceContext {
  private TraceContext() {}

  /** The traceparent header's value, or null outside any trace. */
  static String traceparent() {
    SpanContext span = Span.current().getSpanContext();
    return span.isValid()
        ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex()
        : null;
  }
}
