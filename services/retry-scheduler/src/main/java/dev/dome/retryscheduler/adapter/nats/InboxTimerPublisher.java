package dev.dome.retryscheduler.adapter.nats;

import dev.dome.messaging.InboxPublisher;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerMessages;
import dev.dome.retryscheduler.application.TimerPublisher;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.eclipse.microprofile.faulttolerance.Timeout;

/** Publishes due timers to DOME_INBOX, each under a span that the run's trace goes on from. */
@ApplicationScoped
public class InboxTimerPublisher implements TimerPublisher {
  private final InboxPublisher inbox;
  private final Tracer tracer;
  private final Clock clock;

  @Inject
  InboxTimerPublisher(NatsLink link, Tracer tracer, Clock clock) {
    this.inbox = link.inboxPublisher();
    this.tracer = tracer;
    this.clock = clock;
  }

  @Override
  @Timeout(7_000)
  public Uni<Publication> publish(Timer timer) {
    return Uni.createFrom()
        .completionStage(() -> {
          Span span = span(timer);
          return inbox
              .publish(
                  timer.lane(),
                  TimerMessages.of(timer, clock.millis(), traceparent(span.getSpanContext())))
              .whenComplete((publication, bug) -> end(span, publication));
        });
  }

  private Span span(Timer timer) {
    return tracer
        .spanBuilder("timer fire")
        .setNoParent()
        .setSpanKind(SpanKind.PRODUCER)
        .setAttribute("dome.timer.kind", timer.kind().name())
        .setAttribute("dome.lane", timer.lane().number())
        .startSpan();
  }

  private static void end(Span span, Publication publication) {
    if (publication instanceof Publication.Failed failed) {
      span.setStatus(StatusCode.ERROR, failed.cause().name());
    }
    span.end();
  }

  private static String traceparent(SpanContext context) {
    return context.isValid()
        ? "00-%s-%s-%s"
            .formatted(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex())
        : null;
  }
}
