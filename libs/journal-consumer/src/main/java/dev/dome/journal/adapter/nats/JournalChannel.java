package dev.dome.journal.adapter.nats;

import dev.dome.contracts.wire.Subjects;
import dev.dome.journal.JournalApplier;
import dev.dome.messaging.JournalBatch;
import dev.dome.telemetry.Fields;
import dev.dome.telemetry.JournalSpans;
import dev.dome.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Acknowledges each batch of the journal once it is committed, within the traces it came from. */
@ApplicationScoped
public class JournalChannel {
  private static final Logger LOG = Logger.getLogger(JournalChannel.class);

  private final JournalApplier applier;
  private final Tracing tracing;

  @Inject
  JournalChannel(JournalApplier applier, Tracing tracing) {
    this.applier = applier;
    this.tracing = tracing;
  }

  /** A batch that cannot be applied is handed back, which makes its lane start again. */
  @Incoming("journal")
  public Uni<Void> apply(Message<JournalBatch> message) {
    return traced(message.getPayload())
        .onItemOrFailure()
        .transformToUni((done, failure) ->
            Uni.createFrom()
                .completionStage(
                    () -> failure == null ? message.ack() : handBack(message, failure)));
  }

  /** One span for rows of several traces, around the transaction of their effects. */
  private Uni<Void> traced(JournalBatch batch) {
    return tracing
        .joint(
            batch.rows().stream()
                .flatMap(row -> JournalSpans.own(row.runUid(), row.envelope()).stream()),
            "apply " + Subjects.JOURNAL_STREAM,
            SpanKind.CONSUMER)
        .map(builder ->
            builder
                .setAttribute(Fields.MESSAGING_SYSTEM, "nats")
                .setAttribute(Fields.MESSAGING_DESTINATION, Subjects.JOURNAL_STREAM)
                .setAttribute(Fields.DB_SYSTEM, "postgresql")
                .setAttribute(Fields.LANE, (long) batch.lane().number())
                .setAttribute(Fields.ROWS, (long) batch.rows().size())
                .startSpan())
        .map(span ->
            applier
                .apply(batch)
                .onTermination()
                .invoke((done, failure, cancelled) -> end(span, failure != null || cancelled)))
        .orElseGet(() -> applier.apply(batch));
  }

  private static void end(Span span, boolean failed) {
    if (failed) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  private static CompletionStage<Void> handBack(Message<JournalBatch> message, Throwable failure) {
    LOG.warnf(
        "journal batch not applied lane=%s after=%d type=%s",
        message.getPayload().lane(),
        message.getPayload().after(),
        failure.getClass().getSimpleName());
    return message.nack(failure);
  }
}
