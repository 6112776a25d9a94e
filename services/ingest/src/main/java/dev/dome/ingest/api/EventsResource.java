package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.ingest.application.Answer;
import dev.dome.ingest.application.Requester;
import dev.dome.ingest.application.Writes;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Results that come as events: an envelope, a structured CloudEvent of version 1.0, or a batch of
 * such.
 */
@Path("/v1/namespaces/{ns}/events")
@Consumes({
  MediaType.APPLICATION_JSON,
  EventsResource.CLOUDEVENT_JSON,
  EventsResource.CLOUDEVENTS_BATCH_JSON
})
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "workers")
public final class EventsResource {
  static final String CLOUDEVENT_JSON = "application/cloudevents+json";
  static final String CLOUDEVENTS_BATCH_JSON = "application/cloudevents-batch+json";
  private static final String OPERATION = "events.report";
  private static final String RUN_ID = "run_id";
  private static final String ATTEMPT_ID = "attempt_id";

  private final Endpoint endpoint;
  private final Documents documents;
  private final ResultReports reports;
  private final ReportedItems items;
  private final Writes writes;

  EventsResource(
      Endpoint endpoint,
      Documents documents,
      ResultReports reports,
      ReportedItems items,
      Writes writes) {
    this.endpoint = endpoint;
    this.documents = documents;
    this.reports = reports;
    this.items = items;
    this.writes = writes;
  }

  /**
   * How a form of event names its parts.
   *
   * @param topic the field that says what kind of event it is, and the one kind that is taken
   */
  private record Form(String schema, String topic, String taken, String runId, String report) {
    static final Form ENVELOPE =
        new Form(SchemaNames.RESULT_EVENT, "topic", "task.result.raw", RUN_ID, "payload");
    static final Form CLOUDEVENT =
        new Form(
            SchemaNames.RESULT_CLOUDEVENT, "type", "dev.dome.task.result.raw", "subject", "data");

    /** A body that does not say its type is JSON, as everywhere. */
    static Form of(String contentType) {
      return isA(CLOUDEVENT_JSON, contentType) ? CLOUDEVENT : ENVELOPE;
    }
  }

  @POST
  @Authorized(Operation.REPORT_RESULT)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "reportEvent",
      summary = "Reports an attempt, or several, by events of the topic task.result.raw")
  public Uni<Response> report(
      @PathParam("ns") String ns,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
      byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    if (isA(CLOUDEVENTS_BATCH_JSON, contentType)) {
      return batch(namespace, key, body);
    }
    Form form = Form.of(contentType);
    return endpoint.write(
        namespace,
        () -> {
          ObjectNode event = documents.object(body);
          Read read = read(form, event);
          return reports.report(
              endpoint.requester(namespace),
              read.about(),
              body,
              new ResultReports.Filed(
                  OPERATION, IdempotencyKeys.of(key).orElseGet(() -> keyOf(form, event))),
              read.report(),
              null);
        });
  }

  /** One key cannot stand for many events, and each has its own identity anyway. */
  private Uni<Response> batch(NamespaceId namespace, String key, byte[] body) {
    return items.answer(
        namespace,
        () -> {
          if (key != null) {
            throw ProblemException.badRequest(
                WebReason.BAD_PARAMETER, "A batch takes no " + IdempotencyKeys.HEADER + ".");
          }
          ArrayNode events = documents.array(body, 1, ReportedItems.MAX);
          Requester requester = endpoint.requester(namespace);
          return IntStream.range(0, events.size())
              .mapToObj(i -> item(requester, "/" + i, events.get(i)))
              .toList();
        });
  }

  private ReportedItems.Item item(Requester requester, String at, JsonNode event) {
    JsonNode attemptId = event.path(Form.CLOUDEVENT.report()).path(ATTEMPT_ID);
    return new ReportedItems.Item(
        at,
        attemptId.isTextual() && AttemptId.PATTERN.matcher(attemptId.textValue()).matches()
            ? attemptId.textValue()
            : null,
        "/v1/namespaces/" + requester.namespace() + "/events",
        () -> oneOfMany(requester, event));
  }

  private CompletionStage<Answer> oneOfMany(Requester requester, JsonNode element) {
    if (!(element instanceof ObjectNode event)) {
      throw Problems.violation("", "SCHEMA.TYPE", "expected a JSON object");
    }
    byte[] raw = Json.write(event);
    Read read = read(Form.CLOUDEVENT, event);
    return reports.reportOneOfMany(
        requester,
        read.about(),
        raw,
        new ResultReports.Filed(OPERATION, keyOf(Form.CLOUDEVENT, event)),
        read.report());
  }

  /** An event that may be taken: whose report it is, and the report without secrets. */
  private record Read(ResultReports.About about, ObjectNode report) {}

  private Read read(Form form, ObjectNode event) {
    requireTaken(form, event);
    ObjectNode safe = documents.redacted(kept(form, documents.fitting(form.schema(), event)));
    ObjectNode report = (ObjectNode) safe.path(form.report());
    AttemptId attemptId = new AttemptId(report.remove(ATTEMPT_ID).textValue());
    RunId runId = new RunId(safe.path(RUN_ID).textValue());
    return new Read(new ResultReports.About(attemptId, runId, "/" + form.report()), report);
  }

  private static boolean isA(String mediaType, String contentType) {
    return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(mediaType);
  }

  /**
   * What is kept of an event. Its run goes by the name of an id in either form, so that a secret in
   * it is refused and never replaced.
   */
  private static ObjectNode kept(Form form, ObjectNode event) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    kept.set(RUN_ID, event.path(form.runId()));
    kept.set(form.report(), event.path(form.report()));
    return kept;
  }

  /** Every event of another topic is dome's own to derive. */
  private static void requireTaken(Form form, ObjectNode event) {
    String topic = event.path(form.topic()).textValue();
    if (topic != null && !topic.equals(form.taken())) {
      throw Problems.violation(
          "/" + form.topic(), "EVENT.FORGED_TOPIC", "expected " + form.taken());
    }
  }

  /** An event's own identity; that of a CloudEvent is its source and id together. */
  private Writes.Key keyOf(Form form, ObjectNode event) {
    return form.equals(Form.ENVELOPE)
        ? Writes.Key.derived("event:" + event.path("event_id").textValue())
        : Writes.Key.derived(
            "cloudevent:"
                + writes.digestOf(
                    event.path("source").textValue() + "\n" + event.path("id").textValue()));
  }
}
