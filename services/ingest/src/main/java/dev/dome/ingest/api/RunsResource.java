package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.ingest.application.Answer;
import dev.dome.ingest.application.InboxBodies.Approval;
import dev.dome.ingest.application.InboxBodies.SourceKind;
import dev.dome.ingest.application.InboxBodies.Steering;
import dev.dome.ingest.application.InboxBodies.Submission;
import dev.dome.ingest.application.NamedEvidence;
import dev.dome.ingest.application.Profiles;
import dev.dome.ingest.application.Requester;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Submissions, and what people decide about a run. */
@Path("/v1/namespaces/{ns}/runs")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public final class RunsResource {
  private static final String PROFILE_FIELD = "profile";
  private static final Pattern PROFILE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private final Endpoint endpoint;
  private final Documents documents;
  private final Writes writes;
  private final NamedEvidence evidence;
  private final Profiles profiles;

  RunsResource(
      Endpoint endpoint,
      Documents documents,
      Writes writes,
      NamedEvidence evidence,
      Profiles profiles) {
    this.endpoint = endpoint;
    this.documents = documents;
    this.writes = writes;
    this.evidence = evidence;
    this.profiles = profiles;
  }

  @POST
  @Authorized(Operation.SUBMIT_RUN)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "submitRun",
      summary = "Submits a pre-contract or a work queue")
  public Uni<Response> submit(
      @PathParam("ns") String ns,
      @QueryParam("profile") String profile,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    return endpoint.write(
        namespace,
        () -> {
          Optional<Writes.Key> givenKey = IdempotencyKeys.of(key);
          ObjectNode document = documents.object(body);
          SourceKind kind = kindOf(document);
          RunId runId = runId(kind, documents.fitting(schemaOf(kind), document));
          JsonNode chosen = profile(namespace, profileName(profile, document));
          Submission submission = new Submission(kind, documents.redacted(document), chosen);
          Requester requester = endpoint.requester(namespace);
          Writes.Request request =
              new Writes.Request(
                  InboxKind.SUBMIT_RUN,
                  "runs.submit",
                  Optional.of(givenKey.orElseGet(() -> Writes.Key.derived("run:" + runId))),
                  submission);
          return evidence
              .checkInputs(namespace, document)
              .thenCompose(checked ->
                  switch (checked) {
                    case NamedEvidence.Checked.Absent(Answer answer) ->
                        CompletableFuture.completedStage(answer);
                    case NamedEvidence.Checked.Present present ->
                        writes.aboutRun(requester, runId, signed(body, profile), request);
                  });
        });
  }

  @POST
  @Path("{id}/cancel")
  @Authorized(Operation.CANCEL_RUN)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "cancelRun",
      summary = "Ends a run")
  public Uni<Response> cancel(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      byte[] body) {
    return steer(InboxKind.CANCEL_RUN, "runs.cancel", "OPERATOR.CANCELLED", ns, id, key, body);
  }

  @POST
  @Path("{id}/pause")
  @Authorized(Operation.PAUSE_RUN)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "pauseRun",
      summary = "Holds back what is not dispatched yet")
  public Uni<Response> pause(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      byte[] body) {
    return steer(InboxKind.PAUSE_RUN, "runs.pause", "OPERATOR.PAUSED", ns, id, key, body);
  }

  @POST
  @Path("{id}/resume")
  @Authorized(Operation.RESUME_RUN)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "resumeRun",
      summary = "Dispatches again")
  public Uni<Response> resume(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      byte[] body) {
    return steer(InboxKind.RESUME_RUN, "runs.resume", "OPERATOR.RESUMED", ns, id, key, body);
  }

  @POST
  @Path("{id}/approval")
  @Authorized(Operation.DECIDE_APPROVAL)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "decideApproval",
      summary = "Answers the gate decision that the approver looked at")
  public Uni<Response> approve(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @HeaderParam(IdempotencyKeys.HEADER) String key,
      byte[] body) {
    return decide(
        InboxKind.DECIDE_APPROVAL,
        "runs.approve",
        ns,
        id,
        key,
        body,
        SchemaNames.APPROVAL_REQUEST,
        document -> Documents.read(document, Approval.class));
  }

  private Uni<Response> steer(
      InboxKind kind,
      String operation,
      String usualReason,
      String ns,
      String id,
      String key,
      byte[] body) {
    return decide(
        kind,
        operation,
        ns,
        id,
        key,
        body,
        SchemaNames.OPERATOR_REQUEST,
        document -> {
          Steering asked = Documents.read(document, Steering.class);
          return asked.reasonCode() == null
              ? new Steering(new ReasonCode(usualReason), asked.comment())
              : asked;
        });
  }

  private Uni<Response> decide(
      InboxKind kind,
      String operation,
      String ns,
      String id,
      String key,
      byte[] body,
      String schema,
      Function<ObjectNode, Object> inboxBody) {
    NamespaceId namespace = RequestValues.namespace(ns);
    RunId runId = RequestValues.runId(id);
    return endpoint.write(
        namespace,
        () -> {
          Optional<Writes.Key> givenKey = IdempotencyKeys.of(key);
          ObjectNode document =
              documents.redacted(documents.fitting(schema, documents.object(body)));
          Documents.requireKnownReason(document);
          return writes.aboutRun(
              endpoint.requester(namespace),
              runId,
              body,
              new Writes.Request(kind, operation, givenKey, inboxBody.apply(document)));
        });
  }

  /** The name that the request gives, which wins over the document's own (v0.3). */
  private static Optional<String> profileName(String parameter, ObjectNode document) {
    if (parameter != null && !PROFILE.matcher(parameter).matches()) {
      throw Problems.of("REQUEST.BAD_PARAMETER", "profile expected " + PROFILE);
    }
    return Optional.ofNullable(parameter)
        .or(() -> Optional.ofNullable(document.path(PROFILE_FIELD).textValue()));
  }

  /** What the run is submitted under; null when the namespace has no profiles and none is named. */
  private JsonNode profile(NamespaceId namespace, Optional<String> name) {
    return switch (profiles.choose(namespace, name)) {
      case Profiles.Choice.None none -> null;
      case Profiles.Choice.Chosen chosen -> chosen.profile();
      case Profiles.Choice.Unknown unknown ->
          throw Problems.violation(
              "/" + PROFILE_FIELD, "POLICY.UNKNOWN_PROFILE", "expected a profile of the namespace");
    };
  }

  /** The same document under another profile is another submission. */
  private static byte[] signed(byte[] body, String parameter) {
    if (parameter == null) {
      return body;
    }
    byte[] name = ("\n?profile=" + parameter).getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(body, body.length + name.length);
    System.arraycopy(name, 0, both, body.length, name.length);
    return both;
  }

  /** A work queue says what it is; a pre-contract of v0.2 has no artifact_kind. */
  private static SourceKind kindOf(ObjectNode document) {
    return document.has("artifact_kind") ? SourceKind.WORK_QUEUE : SourceKind.PRE_CONTRACT;
  }

  private static String schemaOf(SourceKind kind) {
    return switch (kind) {
      case PRE_CONTRACT -> SchemaNames.PRE_CONTRACT;
      case WORK_QUEUE -> SchemaNames.WORK_QUEUE;
    };
  }

  private static RunId runId(SourceKind kind, ObjectNode document) {
    String field =
        switch (kind) {
          case PRE_CONTRACT -> "packet_id";
          case WORK_QUEUE -> "run_id";
        };
    String text = document.path(field).asText();
    if (!RunId.PATTERN.matcher(text).matches()) {
      throw Problems.violation("/" + field, "PLAN.BAD_RUN_ID", "expected " + RunId.PATTERN);
    }
    return new RunId(text);
  }
}
