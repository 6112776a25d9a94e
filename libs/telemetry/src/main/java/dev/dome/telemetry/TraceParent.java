package dev.dome.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The W3C traceparent header, <a href="https://www.w3.org/TR/trace-context/">Trace Context</a>. */
public final class TraceParent {
  private static final Pattern TEXT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private TraceParent() {}

  /** The header's value for the current span, or null outside any trace. */
  public static String current() {
    return of(Span.current().getSpanContext());
  }

  /** The header's value, or null for a context that is not valid. */
  public static String of(SpanContext context) {
    return context.isValid()
        ? "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex()
        : null;
  }

  /** The context a header names; empty for null and for anything that is not one. */
  public static Optional<SpanContext> read(String text) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
                SpanContext.createFromRemoteParent(
                    parts.group(1),
                    parts.group(2),
                    TraceFlags.fromHex(parts.group(3), 0),
                    TraceState.getDefault()))
            .filter(SpanContext::isValid)
        : Optional.empty();
  }
}
