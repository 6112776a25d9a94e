package dev.dome.retryscheduler.adapter.nats;

import static java.util.stream.Collectors.toList;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.messaging.InboxPublisher;
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
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.faulttolerance.Timeout;

/**
 * Publishes due timers to DOME_INBOX, those of a lane in one atomic batch, each under a span that
 * the run's trace goes on from.
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

  /** What became of one lane's timers, all or none of them. */
  private record LaneSent(List<Timer> timers, Publication publication) {}

  @Override
  @Timeout(7_000)
  public Uni<Sent> publish(List<Timer> due) {
    Map<Lane, List<Timer>> lanes =
        due.stream().collect(Collectors.groupingBy(Timer::lane, TreeMap::new, toList()));
    return Multi.createFrom()
        .iterable(lanes.entrySet())
        .onItem()
        .transformToUniAndMerge(lane -> publish(lane.getKey(), lane.getValue()))
        .collect()
        .asList()
        .map(InboxTimerPublisher::sent);
  }

  private Uni<LaneSent> publish(Lane lane, List<Timer> timers) {
    return Uni.createFrom()
        .completionStage(() -> {
          List<Span> spans = timers.stream().map(this::span).toList();
          List<InboxMessage> messages = new ArrayList<>(timers.size());
          for (int i = 0; i < timers.size(); i++) {
            String parent = TraceParent.of(spans.get(i).getSpanContext());
            messages.add(TimerMessages.of(timers.get(i), clock.millis(), parent));
          }
          return inbox
              .publishAll(lane, messages)
              .whenComplete((publication, bug) -> spans.forEach(span -> end(span, publication)))
              .thenApply(publication -> new LaneSent(timers, publication));
        });
  }

  private static Sent sent(List<LaneSent> lanes) {
    Set<String> stored = new HashSet<>();
    List<Publication.Failed> failures = new ArrayList<>();
    for (LaneSent lane : lanes) {
      switch (lane.publication()) {
        case Publication.Stored acknowledged ->
            lane.timers().forEach(timer -> stored.add(timer.timerId()));
        case Publication.Failed failed -> failures.add(failed);
      }
    }
    return new Sent(Set.copyOf(stored), List.copyOf(failures));
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
