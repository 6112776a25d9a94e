package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.ingest.application.Writes;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.RequestValues;
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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Results that come as events: an envelope, or a structured CloudEvent of version 1.0. */
@Path("/v1/namespaces/{ns}/events")
@Consumes({MediaType.APPLICATION_JSON, EventsResource.CLOUDEVENT_JSON})
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "workers")
public final class EventsResource {
  static final String CLOUDEVENT_JSON = "application/cloudevents+json";
  private static final String OPERATION = "events.report";
  private static final String RUN_ID = "run_id";

  private final Endpoint endpoint;
  private final Documents documents;
  private final ResultReports reports;
  private final Writes writes;

  EventsResource(Endpoint endpoint, Documents documents, ResultReports reports, Writes writes) {
    this.endpoint = endpoint;
    this.documents = documents;
    this.reports = reports;
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
      return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(CLOUDEVENT_JSON)
          ? CLOUDEVENT
          : ENVELOPE;
    }
  }

  @POST
  @Authorized(Operation.REPORT_RESULT)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "reportEvent",
      summary = "Reports an attempt by an event of the topic task.result.raw")
  public Uni<Response> report(
      @PathParam("ns") String ns,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
      byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    Form form = Form.of(contentType);
    return endpoint.write(
        namespace,
        () -> {
          ObjectNode event = documents.object(body);
          requireTaken(form, event);
          ObjectNode safe = documents.redacted(kept(form, documents.fitting(form.schema(), event)));
          ObjectNode report = (ObjectNode) safe.path(form.report());
          AttemptId attemptId = new AttemptId(report.remove("attempt_id").textValue());
          return reports.report(
              endpoint.requester(namespace),
              new ResultReports.About(
                  attemptId, new RunId(safe.path(RUN_ID).textValue()), "/" + form.report()),
              body,
              new ResultReports.Filed(
                  OPERATION, IdempotencyKeys.of(key).orElseGet(() -> keyOf(form, event))),
              report,
              null);
        });
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
