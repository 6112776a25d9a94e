package dev.dome.statecontroller.adapter.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Subjects;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.statecontroller.application.Changes;
import dev.dome.telemetry.Fields;
import dev.dome.telemetry.JournalSpans;
import dev.dome.telemetry.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A span for every committed row of a sampled trace, under the id that is derived from its run and
 * sequence. So the telemetry reference of a gate decision and the traceparent of a granted task,
 * which the kernel derives in the same way, name spans that exist.
 *
 * <p>An input's span belongs to the trace the input came with. The events' spans belong to their
 * run's trace: below the input when it came with that trace, else below the run's first event and
 * linked to the input.
 */
final class RowSpans {
  /** The sequence of plan.wave.created in every run. */
  private static final long FIRST_EVENT = 2;

  /** What a writer puts in by itself came with no trace; the ids in such a row name none. */
  private static final Set<String> OWN_INPUTS =
      Set.of("input.expire_lease", "input.breaker_changed");

  private final Tracing tracing;
  private final Optional<SpanContext> batch;
  private final Instant begun;
  private final Instant end;
  private JournalRow input;

  RowSpans(Tracing tracing, Optional<SpanContext> batch, Instant begun, Instant end) {
    this.tracing = tracing;
    this.batch = batch;
    this.begun = begun;
    this.end = end;
  }

  /** Exports the rows; of a run, those of one input follow it without another's between them. */
  void export(Changes changes) {
    Map<RunUid, String> traces =
        changes.runs().stream()
            .collect(
                Collectors.toMap(row -> row.state().runUid(), row -> row.state().traceIdHex()));
    changes.journal().forEach(line -> export(line.row(), traces.get(line.row().runUid())));
  }

  private void export(JournalRow row, String runTraceIdHex) {
    if (row.kind() == JournalEntry.Kind.INPUT) {
      input = row;
      cameWith(row).ifPresent(cause -> input(row, cause));
    } else if (runTraceIdHex != null && tracing.sampled(runTraceIdHex)) {
      event(row, runTraceIdHex);
    }
  }

  private static Optional<SpanContext> cameWith(JournalRow input) {
    return OWN_INPUTS.contains(input.envelope().topic())
        ? Optional.empty()
        : JournalSpans.cause(input.envelope());
  }

  private void input(JournalRow row, SpanContext cause) {
    tracing
        .below(cause, "apply " + row.envelope().topic(), SpanKind.CONSUMER)
        .ifPresent(span -> {
          batch.ifPresent(span::addLink);
          span.setAttribute(Fields.MESSAGING_SYSTEM, "nats");
          span.setAttribute(Fields.MESSAGING_DESTINATION, Subjects.INBOX_STREAM);
          JsonNode asked = row.envelope().payload().path("input");
          text(span, Fields.TASK_ID, asked.path("task_id"));
          text(span, Fields.POLICY_REASON_CODE, asked.path("reason_code"));
          export(row, span.setStartTimestamp(begun));
        });
  }

  private void event(JournalRow row, String runTraceIdHex) {
    JsonNode payload = row.envelope().payload();
    Optional<SpanContext> caused = cameWith(input);
    boolean sameTrace =
        caused.map(SpanContext::getTraceId).filter(runTraceIdHex::equals).isPresent();
    SpanContext parent =
        JournalSpans.at(
            runTraceIdHex,
            row.runUid().spanId(sameTrace ? input.envelope().sequence() : FIRST_EVENT));
    tracing
        .below(parent, row.envelope().topic(), SpanKind.INTERNAL)
        .ifPresent(span -> {
          if (!sameTrace) {
            caused.ifPresent(other ->
                span.addLink(
                    JournalSpans.at(
                        other.getTraceId(), input.runUid().spanId(input.envelope().sequence()))));
          }
          describe(span, payload);
          export(row, span.setStartTimestamp(startOf(payload)));
        });
  }

  /** An attempt's result lies at the end of the time it says it took. */
  private Instant startOf(JsonNode payload) {
    long tookMs = payload.path("result").path("duration_ms").asLong(0);
    return tookMs > 0 ? end.minusMillis(tookMs) : begun;
  }

  private static void describe(SpanBuilder span, JsonNode payload) {
    JsonNode result = payload.path("result");
    text(span, Fields.TASK_ID, payload.path("task_id"));
    text(span, Fields.TASK_STATUS, result.path("status"));
    number(span, Fields.TASK_ATTEMPTS, first(result.path("attempts"), payload.path("attempt")));
    JsonNode reason = first(result.path("reason_code"), payload.path("reason_code"));
    text(
        span, payload.has("task_id") ? Fields.TASK_REASON_CODE : Fields.POLICY_REASON_CODE, reason);
    text(span, Fields.TASK_WORKER_MODEL, result.path("worker_model"));
    number(span, Fields.TASK_DURATION_MS, result.path("duration_ms"));
    JsonNode decision = payload.path("decision");
    if (decision.isObject()) {
      text(span, Fields.TASK_ID, decision.path("task_id"));
      text(span, Fields.DECISION, first(decision.path("status"), decision.path("decision")));
      text(span, Fields.POLICY_REASON_CODE, decision.path("reason_codes").path(0));
    }
  }

  private static JsonNode first(JsonNode one, JsonNode other) {
    return one.isMissingNode() || one.isNull() ? other : one;
  }

  private static void text(SpanBuilder span, AttributeKey<String> key, JsonNode value) {
    if (value.isTextual()) {
      span.setAttribute(key, value.asText());
    }
  }

  private static void number(SpanBuilder span, AttributeKey<Long> key, JsonNode value) {
    if (value.isNumber()) {
      span.setAttribute(key, value.asLong());
    }
  }

  private void export(JournalRow row, SpanBuilder builder) {
    Span span =
        tracing.start(
            builder.setAttribute(Fields.RUN_ID, row.envelope().runId().value()),
            row.runUid().spanId(row.envelope().sequence()));
    span.end(end);
  }
}
