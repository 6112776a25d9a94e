package dev.dome.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.RunUid;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;

/**
 * Where the spans of journal rows are. Every row of a sampled trace has one, in the trace that its
 * input came with or that its run began with, under the id that {@link RunUid#spanId} derives from
 * its sequence.
 */
public final class JournalSpans {
  private JournalSpans() {}

  /** The context an INPUT row came with; empty for an EVENT row. */
  public static Optional<SpanContext> cause(EventEnvelope envelope) {
    JsonNode reference = envelope.payload().path("context").path("telemetry_ref");
    return reference.isObject()
        ? Optional.of(
                at(reference.path("trace_id_hex").asText(), reference.path("span_id_hex").asText()))
            .filter(SpanContext::isValid)
        : Optional.empty();
  }

  /** The span of an INPUT row, whether it is exported or not; empty for an EVENT row. */
  public static Optional<SpanContext> own(RunUid runUid, EventEnvelope envelope) {
    return cause(envelope).map(cause -> at(cause.getTraceId(), runUid.spanId(envelope.sequence())));
  }

  /** A span of some other process; the flag is that of a sampled one. */
  public static SpanContext at(String traceIdHex, String spanIdHex) {
    return SpanContext.createFromRemoteParent(
        traceIdHex, spanIdHex, TraceFlags.getSampled(), TraceState.getDefault());
  }
}
