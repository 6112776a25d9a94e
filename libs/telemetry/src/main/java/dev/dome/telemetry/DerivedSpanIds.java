package dev.dome.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.sdk.trace.IdGenerator;

/**
 * Random ids, except for the one span that a thread starts under an id it names: the span of a
 * journal row is called by an id derived from the run and the row's sequence, so that whoever has
 * the journal finds the span.
 */
public final class DerivedSpanIds implements IdGenerator {
  private static final ThreadLocal<String> NEXT = new ThreadLocal<>();
  private final IdGenerator random = IdGenerator.random();

  /**
   * Starts a span under the id.
   *
   * @param spanIdHex 16 hex digits, not all 0
   */
  static Span start(SpanBuilder span, String spanIdHex) {
    NEXT.set(spanIdHex);
    try {
      return span.startSpan();
    } finally {
      NEXT.remove();
    }
  }

  @Override
  public String generateSpanId() {
    String named = NEXT.get();
    return named == null ? random.generateSpanId() : named;
  }

  @Override
  public String generateTraceId() {
    return random.generateTraceId();
  }
}
