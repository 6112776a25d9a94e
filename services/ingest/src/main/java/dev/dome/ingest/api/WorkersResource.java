package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.ingest.api.WorkerBodies.ClaimBody;
import dev.dome.ingest.api.WorkerBodies.HeartbeatBody;
import dev.dome.ingest.api.WorkerBodies.ReleaseBody;
import dev.dome.ingest.application.Answer;
import dev.dome.ingest.application.Claims;
import dev.dome.ingest.application.InboxBodies.Release;
import dev.dome.ingest.application.Requester;
import dev.dome.ingest.application.Workers;
import dev.dome.ingest.application.Writes;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The worker protocol: claim, heartbeat, result, release. */
@Path("/v1/namespaces/{ns}")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "workers")
public final class WorkersResource {
  private static final ReasonCode RELEASED = new ReasonCode("TRANSIENT.RELEASED");

  private final Endpoint endpoint;
  private final Documents documents;
  private final Writes writes;
  private final Claims claims;
  private final Workers workers;
  private final ResultReports reports;
  private final InstantSource clock;

  WorkersResource(
      Endpoint endpoint,
      Documents documents,
      Writes writes,
      Claims claims,
      Workers workers,
      ResultReports reports,
      InstantSource clock) {
    this.endpoint = endpoint;
    this.documents = documents;
    this.writes = writes;
    this.claims = claims;
    this.workers = workers;
    this.reports = reports;
    this.clock = clock;
  }

  @POST
  @Path("queues/{queue}/claims")
  @Authorized(Operation.CLAIM_TASKS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "claimTasks",
      summary = "Leases ready tasks, waiting for one if none is")
  public Uni<Response> claim(
      @PathParam("ns") String ns,
      @PathParam("queue") String queue,
      byte[] body,
      @Context HttpServerRequest http) {
    NamespaceId namespace = RequestValues.namespace(ns);
    QueueName queueName = RequestValues.queue(queue);
    return endpoint.answer(
        () -> {
          ObjectNode document =
              documents.redacted(
                  documents.fitting(SchemaNames.CLAIM_REQUEST, documents.object(body)));
          ClaimBody asked = Documents.read(document, ClaimBody.class);
          Requester requester = endpoint.requester(namespace);
          Claim.Request request = request(requester, queueName, asked);
          BooleanSupplier gone = http.response()::closed;
          return claims
              .claim(request, wait(asked), gone)
              .orElseThrow(WorkerAnswers::tooManyParked)
              .thenCompose(answer ->
                  gone.getAsBoolean()
                      ? giveBack(requester, answer)
                      : CompletableFuture.completedStage(answer));
        },
        WorkerAnswers::ofClaim);
  }

  /** Returns to the queue what was granted to a worker that has left while it waited. */
  private CompletionStage<Workers.Response<Claim.Reply>> giveBack(
      Requester requester, Workers.Response<Claim.Reply> answer) {
    CompletionStage<?> done = CompletableFuture.completedStage(null);
    if (answer instanceof Workers.Response.Answered<Claim.Reply>(Claim.Reply reply)) {
      for (Claim.GrantedTask task : reply.tasks()) {
        done =
            done.thenCompose(before -> {
              Release release = new Release(task.fence(), RELEASED);
              return release(requester, task.attemptId(), Json.write(release), release);
            });
      }
    }
    return done.thenApply(all -> answer);
  }

  private CompletionStage<Answer> release(
      Requester requester, AttemptId attemptId, byte[] rawBody, Release release) {
    return writes.aboutAttempt(
        requester,
        attemptId,
        rawBody,
        new Writes.Request(
            InboxKind.RELEASE_TASK,
            "attempts.release",
            Optional.of(Writes.Key.derived("release:" + attemptId)),
            release));
  }

  @POST
  @Path("attempts/{attempt}/heartbeat")
  @Authorized(Operation.HEARTBEAT)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "heartbeat",
      summary = "Renews a lease")
  public Uni<Response> heartbeat(
      @PathParam("ns") String ns, @PathParam("attempt") String attempt, byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    AttemptId attemptId = RequestValues.attemptId(attempt);
    return endpoint.answer(
        () -> {
          HeartbeatBody sign = read(SchemaNames.HEARTBEAT_REQUEST, body, HeartbeatBody.class);
          Requester requester = endpoint.requester(namespace);
          return workers.heartbeat(
              writes.laneOf(attemptId).orElseThrow(WorkerAnswers::noSuchAttempt),
              new Claim.Heartbeat(
                  namespace,
                  attemptId,
                  sign.fence(),
                  sign.progress(),
                  requester.actor(),
                  requester.traceparent()));
        },
        WorkerAnswers::ofHeartbeat);
  }

  @POST
  @Path("attempts/{attempt}/result")
  @Authorized(Operation.REPORT_RESULT)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "reportResult",
      summary = "Reports an attempt, and may claim the next task")
  public Uni<Response> result(
      @PathParam("ns") String ns, @PathParam("attempt") String attempt, byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    AttemptId attemptId = RequestValues.attemptId(attempt);
    return endpoint.write(
        namespace,
        () -> {
          ObjectNode document =
              documents.redacted(
                  documents.fitting(SchemaNames.RESULT_REQUEST, documents.object(body)));
          Requester requester = endpoint.requester(namespace);
          JsonNode next = document.remove("claim_next");
          return reports.report(
              requester,
              ResultReports.About.attempt(attemptId),
              body,
              ResultReports.Filed.attempt(attemptId),
              document,
              next == null ? null : nextClaim(requester, Documents.read(next, ClaimBody.class)));
        });
  }

  @POST
  @Path("attempts/{attempt}/release")
  @Authorized(Operation.RELEASE_TASK)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "releaseTask",
      summary = "Gives a task back")
  public Uni<Response> release(
      @PathParam("ns") String ns, @PathParam("attempt") String attempt, byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    AttemptId attemptId = RequestValues.attemptId(attempt);
    return endpoint.write(
        namespace,
        () -> {
          ReleaseBody release = read(SchemaNames.RELEASE_REQUEST, body, ReleaseBody.class);
          ReasonCode reason = release.reasonCode() == null ? RELEASED : release.reasonCode();
          return release(
              endpoint.requester(namespace), attemptId, body, new Release(release.fence(), reason));
        });
  }

  private <T> T read(String schema, byte[] body, Class<T> type) {
    ObjectNode document = documents.redacted(documents.fitting(schema, documents.object(body)));
    Documents.requireKnownReason(document);
    return Documents.read(document, type);
  }

  /** The message around it says who asks and within which trace, so it does not. */
  private Claim.Request nextClaim(Requester requester, ClaimBody next) {
    return request(new Requester(requester.namespace(), null, null), next.queue(), next);
  }

  private Claim.Request request(Requester requester, QueueName queue, ClaimBody asked) {
    endpoint.requireQueue(requester.namespace(), queue);
    return new Claim.Request(
        requester.namespace(),
        queue,
        asked.claimId(),
        asked.workerId(),
        asked.deploymentVersion(),
        asked.labels(),
        asked.maxTasks() == null ? 1 : asked.maxTasks(),
        clock.millis() + wait(asked).toMillis(),
        requester.actor(),
        requester.traceparent());
  }

  private static Duration wait(ClaimBody asked) {
    return Duration.ofSeconds(asked.waitSeconds() == null ? 0 : asked.waitSeconds());
  }
}
