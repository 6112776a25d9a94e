package dev.dome.statecontroller.adapter.telemetry;

import dev.dome.contracts.wire.Subjects;
import dev.dome.statecontroller.application.WriterObserver.BatchReport;
import dev.dome.telemetry.Fields;
import dev.dome.telemetry.TraceParent;
import dev.dome.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The spans of one batch: one for its transaction, in the trace of one of its inputs and linked to
 * those of the others, and below each input's own trace one for every row it came to.
 */
final class BatchSpans {
  private static final String POSTGRESQL = "postgresql";

  private final Tracing tracing;
  private final List<SpanContext> causes;
  private final Instant begun;

  private BatchSpans(Tracing tracing, List<SpanContext> causes, Instant begun) {
    this.tracing = tracing;
    this.causes = causes;
    this.begun = begun;
  }

  /** Empty while nothing is exported. */
  static Optional<BatchSpans> of(Tracing tracing, Supplier<List<String>> traceparents) {
    if (!tracing.on()) {
      return Optional.empty();
    }
    List<SpanContext> causes =
        traceparents.get().stream().flatMap(text -> TraceParent.read(text).stream()).toList();
    return Optional.of(new BatchSpans(tracing, causes, Instant.now()));
  }

  void committed(BatchReport report) {
    Instant end = Instant.now();
    Optional<Span> transaction = transaction();
    transaction.ifPresent(span -> {
      span.setAttribute(Fields.INPUTS, (long) report.inputs());
      span.setAttribute(Fields.ROWS, (long) report.rows());
      commit(span, end.minusNanos(report.commitNs()), end);
      span.end(end);
    });
    new RowSpans(tracing, transaction.map(Span::getSpanContext), begun, end)
        .export(report.changes());
  }

  void failed() {
    transaction()
        .ifPresent(span -> {
          span.setStatus(StatusCode.ERROR);
          span.end();
        });
  }

  private Optional<Span> transaction() {
    return tracing
        .joint(causes.stream(), "lane batch", SpanKind.CLIENT)
        .map(span ->
            span.setAttribute(Fields.MESSAGING_DESTINATION, Subjects.INBOX_STREAM)
                .setAttribute(Fields.DB_SYSTEM, POSTGRESQL)
                .setStartTimestamp(begun)
                .startSpan());
  }

  private void commit(Span transaction, Instant from, Instant to) {
    tracing
        .below(transaction.getSpanContext(), "COMMIT", SpanKind.CLIENT)
        .ifPresent(span ->
            span.setAttribute(Fields.DB_SYSTEM, POSTGRESQL)
                .setStartTimestamp(from)
                .startSpan()
                .end(to));
  }
}
