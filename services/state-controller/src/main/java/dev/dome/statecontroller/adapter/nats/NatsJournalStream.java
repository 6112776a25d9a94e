package dev.dome.statecontroller.adapter.nats;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.kernel.JournalRow;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.messaging.RowPublisher;
import dev.dome.messaging.Streams;
import dev.dome.statecontroller.application.JournalStream;
import dev.dome.telemetry.Fields;
import dev.dome.telemetry.JournalSpans;
import dev.dome.telemetry.Tracing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** DOME_JOURNAL, many rows to a message. */
public final class NatsJournalStream implements JournalStream {
  private static final Logger LOG = Logger.getLogger(NatsJournalStream.class);

  private final RowPublisher publisher;
  private final Streams streams;
  private final Tracing tracing;
  private final Counter leftOut;

  /**
   * Lanes whose last batch was not stored: tries go on several times a second, the log need not.
   */
  private final Set<Lane> failing = ConcurrentHashMap.newKeySet();

  public NatsJournalStream(NatsLink link, Tracing tracing, MeterRegistry registry) {
    this.publisher = link.rowPublisher();
    this.streams = link.streams();
    this.tracing = tracing;
    this.leftOut =
        Counter.builder("dome.lane.publish.left.out")
            .description("Journal rows too large for a message; consumers fetch them over HTTP")
            .register(registry);
  }

  @Override
  public CompletableFuture<Boolean> append(Lane lane, List<JournalRow> rows) {
    Span span = span(lane, rows);
    return publisher
        .publish(lane, rows.stream().map(this::written).toList())
        .thenApply(publication -> durable(lane, publication))
        .whenComplete((durable, bug) -> end(span, durable));
  }

  private byte[] written(JournalRow row) {
    byte[] bytes = Json.write(row);
    if (publisher.tooLarge(bytes)) {
      leftOut.increment();
      LOG.errorf(
          "journal row is larger than a message lane=%s position=%d bytes=%d",
          row.lane(), row.lanePosition(), bytes.length);
    }
    return bytes;
  }

  /** One span for rows of several traces; none that is exported unless one of theirs is. */
  private Span span(Lane lane, List<JournalRow> rows) {
    return tracing
        .joint(
            rows.stream().flatMap(row -> JournalSpans.own(row.runUid(), row.envelope()).stream()),
            "publish " + Subjects.JOURNAL_STREAM,
            SpanKind.PRODUCER)
        .map(builder ->
            builder
                .setAttribute(Fields.MESSAGING_SYSTEM, "nats")
                .setAttribute(Fields.MESSAGING_DESTINATION, Subjects.JOURNAL_STREAM)
                .setAttribute(Fields.LANE, (long) lane.number())
                .setAttribute(Fields.ROWS, (long) rows.size())
                .startSpan())
        .orElseGet(Span::getInvalid);
  }

  private static void end(Span span, Boolean durable) {
    if (!Boolean.TRUE.equals(durable)) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  private boolean durable(Lane lane, Publication publication) {
    return switch (publication) {
      case Publication.Stored stored -> {
        if (failing.remove(lane)) {
          LOG.infof("journal published again lane=%s", lane);
        }
        yield true;
      }
      case Publication.Failed failed -> {
        if (failing.add(lane)) {
          LOG.warnf("journal not published lane=%s cause=%s", lane, failed.cause());
        }
        yield false;
      }
    };
  }

  @Override
  public String incarnation() {
    return streams.incarnation(Subjects.JOURNAL_STREAM);
  }
}
