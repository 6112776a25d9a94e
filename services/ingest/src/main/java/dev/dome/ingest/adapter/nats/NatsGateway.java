package dev.dome.ingest.adapter.nats;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.AccessBatch;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.contracts.wire.Subjects;
import dev.dome.ingest.application.Inbox;
import dev.dome.ingest.application.Outcomes;
import dev.dome.ingest.application.Streams;
import dev.dome.ingest.application.Workers;
import dev.dome.messaging.AccessPublisher;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.InboxPublisher;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.OutcomeAwaiter;
import dev.dome.messaging.OutcomeAwaiter.Awaited;
import dev.dome.messaging.StreamRefusedException;
import dev.dome.messaging.StreamsConfig;
import dev.dome.telemetry.Fields;
import dev.dome.telemetry.TraceParent;
import dev.dome.telemetry.Tracing;
import dev.dome.web.access.AccessSink;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The ports over one NATS link. The link is opened beside the start of the process, so that ingest
 * comes up, answers 503 and says that it is not ready while the server is away.
 */
public final class NatsGateway
    implements Inbox, Outcomes, Workers, Streams, AccessSink, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(NatsGateway.class);

  /** How much longer than the controller's own wait a claim is listened for. */
  private static final Duration CLAIM_GRACE = Duration.ofSeconds(1);

  private final LinkOptions options;
  private final StreamsConfig streams;
  private final long accessMaxBytes;
  private final String processId;
  private final Duration heartbeatWait;
  private final Tracing tracing;
  private final Thread opener;
  private volatile Opened opened;
  private volatile boolean closed;

  /** How a message gets into the stream. */
  private interface Way {
    CompletableFuture<dev.dome.messaging.Publication> publish(Lane lane, InboxMessage message);
  }

  /** What exists once the link is open and the streams are there. */
  private record Opened(
      NatsLink link,
      InboxPublisher inbox,
      GatheredPublishes gathered,
      OutcomeAwaiter outcomes,
      CoreMessages core,
      AccessPublisher access) {}

  /**
   * A gateway that does nothing until it is started.
   *
   * @param accessMaxBytes bytes DOME_ACCESS may hold before its oldest messages go
   * @param processId unique among ingest processes; letters, digits and dashes
   */
  public NatsGateway(
      LinkOptions options,
      StreamsConfig streams,
      long accessMaxBytes,
      String processId,
      Duration heartbeatWait,
      Tracing tracing) {
    this.options = options;
    this.streams = streams;
    this.accessMaxBytes = accessMaxBytes;
    this.processId = processId;
    this.heartbeatWait = heartbeatWait;
    this.tracing = tracing;
    this.opener = Thread.ofPlatform().daemon().name("nats-opener").unstarted(this::open);
  }

  /** Begins to open the link; returns at once. */
  public void start() {
    opener.start();
  }

  /** Whether messages can be published right now, as far as this process can see. */
  public boolean connected() {
    Opened now = opened;
    return now != null && now.link().connected();
  }

  @Override
  public CompletionStage<Publication> publish(Lane lane, InboxMessage message) {
    return publish(lane, message, now -> now.inbox()::publish);
  }

  /** The same inbox for messages that may wait for each other so that they share a sync. */
  public Inbox gathering() {
    return (lane, message) -> publish(lane, message, now -> now.gathered()::publish);
  }

  private CompletionStage<Publication> publish(
      Lane lane, InboxMessage message, Function<Opened, Way> way) {
    Opened now = opened;
    return now == null
        ? CompletableFuture.completedStage(new Publication.Away())
        : TraceParent.read(message.traceparent())
            .flatMap(request ->
                tracing.below(request, "publish " + Subjects.INBOX_STREAM, SpanKind.PRODUCER))
            .map(span -> traced(way.apply(now), lane, message, span))
            .orElseGet(() -> way.apply(now).publish(lane, message))
            .thenApply(NatsGateway::publication);
  }

  /** Whoever reads the message goes on from the span of its publication. */
  private static CompletableFuture<dev.dome.messaging.Publication> traced(
      Way way, Lane lane, InboxMessage message, SpanBuilder builder) {
    Span span =
        builder
            .setAttribute(Fields.MESSAGING_SYSTEM, "nats")
            .setAttribute(Fields.MESSAGING_DESTINATION, Subjects.INBOX_STREAM)
            .setAttribute(Fields.LANE, (long) lane.number())
            .startSpan();
    if (message.runId() != null) {
      span.setAttribute(Fields.RUN_ID, message.runId().value());
    }
    return way.publish(lane, message.within(TraceParent.of(span.getSpanContext())))
        .whenComplete((publication, bug) -> {
          if (publication instanceof dev.dome.messaging.Publication.Failed failed) {
            span.setStatus(StatusCode.ERROR, failed.cause().name());
          }
          span.end();
        });
  }

  private static Publication publication(dev.dome.messaging.Publication publication) {
    return switch (publication) {
      case dev.dome.messaging.Publication.Stored stored ->
          new Publication.Stored(stored.sequence());
      case dev.dome.messaging.Publication.Failed failed -> {
        LOG.warnf("inbox publish not acknowledged cause=%s", failed.cause());
        yield switch (failed.cause()) {
          case STREAM_FULL, WINDOW_FULL -> new Publication.Full();
          case TOO_LARGE -> new Publication.TooLarge();
          case UNAVAILABLE, TIMED_OUT, REFUSED -> new Publication.Unanswered();
        };
      }
    };
  }

  @Override
  public CompletionStage<Boolean> publish(AccessBatch batch) {
    Opened now = opened;
    return now == null
        ? CompletableFuture.completedStage(false)
        : now.access().publish(batch).thenApply(dev.dome.messaging.Publication::stored);
  }

  @Override
  public CompletionStage<Optional<List<String>>> rebuild() {
    Opened now = opened;
    return now == null
        ? CompletableFuture.completedStage(Optional.empty())
        : CompletableFuture.supplyAsync(
            () -> rebuilt(now.link()), task -> Thread.ofVirtual().start(task));
  }

  private Optional<List<String>> rebuilt(NatsLink link) {
    try {
      List<String> gone = link.streams().restore(streams);
      link.streams().ensure(streams);
      return Optional.of(gone);
    } catch (UncheckedIOException | StreamRefusedException e) {
      LOG.warn("streams not rebuilt", e);
      return Optional.empty();
    }
  }

  @Override
  public String replyTo() {
    return Subjects.replies(processId);
  }

  @Override
  public CompletionStage<Optional<Outcome>> await(String operationId, Duration wait) {
    Opened now = opened;
    return now == null
        ? CompletableFuture.completedStage(Optional.empty())
        : now.outcomes().await(operationId, wait).thenApply(NatsGateway::outcome);
  }

  private static Optional<Outcome> outcome(Awaited awaited) {
    return switch (awaited) {
      case Awaited.Arrived(Outcome outcome) -> Optional.of(outcome);
      case Awaited.NotYet() -> Optional.empty();
    };
  }

  @Override
  public void forget(String operationId) {
    Opened now = opened;
    if (now != null) {
      now.outcomes().forget(operationId);
    }
  }

  @Override
  public CompletionStage<Response<Claim.Reply>> claim(Claim.Request request, Duration wait) {
    return ask(
        Subjects.CLAIMS, request, wait.plus(CLAIM_GRACE), request.traceparent(), Claim.Reply.class);
  }

  @Override
  public CompletionStage<Response<Claim.HeartbeatReply>> heartbeat(
      Lane lane, Claim.Heartbeat heartbeat) {
    return ask(
        Subjects.heartbeats(lane),
        heartbeat,
        heartbeatWait,
        heartbeat.traceparent(),
        Claim.HeartbeatReply.class);
  }

  private <T> CompletionStage<Response<T>> ask(
      String subject, Object request, Duration wait, String traceparent, Class<T> replyType) {
    Opened now = opened;
    return now == null
        ? CompletableFuture.completedStage(new Response.Nobody<>())
        : now.core()
            .request(subject, Json.write(request), wait, traceparent)
            .thenApply(answer -> response(answer, replyType));
  }

  private static <T> Response<T> response(CoreMessages.Answer answer, Class<T> replyType) {
    return switch (answer) {
      case CoreMessages.Answer.Replied(byte[] body) -> readable(body, replyType);
      case CoreMessages.Answer.TimedOut timedOut -> new Response.Silent<>();
      case CoreMessages.Answer.NoResponder nobody -> new Response.Nobody<>();
      case CoreMessages.Answer.Unavailable unavailable -> new Response.Nobody<>();
    };
  }

  private static <T> Response<T> readable(byte[] body, Class<T> replyType) {
    try {
      return new Response.Answered<>(Json.read(body, replyType));
    } catch (IllegalArgumentException e) {
      LOG.error("a controller's reply is not readable", e);
      return new Response.Silent<>();
    }
  }

  private void open() {
    while (!closed) {
      try {
        opened = open(NatsLink.open(options));
        LOG.info("nats gateway open");
        return;
      } catch (UncheckedIOException | StreamRefusedException e) {
        LOG.error("nats gateway not open yet", e);
      }
    }
  }

  private Opened open(NatsLink link) {
    try {
      link.streams().ensure(streams);
      link.streams().ensureAccess(accessMaxBytes, streams.replicas());
      InboxPublisher inbox = link.inboxPublisher();
      return new Opened(
          link,
          inbox,
          new GatheredPublishes(inbox::publishAll),
          new OutcomeAwaiter(link, processId),
          link.core(),
          link.accessPublisher());
    } catch (UncheckedIOException | StreamRefusedException e) {
      link.close();
      throw e;
    }
  }

  @Override
  public void close() {
    closed = true;
    opener.interrupt();
    Opened now = opened;
    if (now != null) {
      now.outcomes().close();
      now.core().close();
      now.link().close();
    }
  }
}
