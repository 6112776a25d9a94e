package dev.dome.retryscheduler.adapter.nats;

import dev.dome.messaging.InboxPublisher;
import dev.dome.messaging.InboxPublisher.Addressed;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerMessages;
import dev.dome.retryscheduler.application.TimerPublisher;
import dev.dome.telemetry.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.faulttolerance.Timeout;

/**
 * Publishes due timers to DOME_INBOX in one atomic batch, each under a span that the run's trace
 * goes on from.
 */
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
  public Uni<Publication> publish(List<Timer> due) {
    return Uni.createFrom()
        .completionStage(() -> {
          List<Span> spans = due.stream().map(this::span).toList();
          List<Addressed> messages = new ArrayList<>(due.size());
          for (int i = 0; i < due.size(); i++) {
            String parent = TraceParent.of(spans.get(i).getSpanContext());
            Timer timer = due.get(i);
            messages.add(
                new Addressed(timer.lane(), TimerMessages.of(timer, clock.millis(), parent)));
          }
          return inbox
              .publishAll(messages)
              .whenComplete((publication, bug) -> spans.forEach(span -> end(span, publication)));
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
}
