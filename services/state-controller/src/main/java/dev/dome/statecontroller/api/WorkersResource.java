package dev.dome.statecontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.Drains;
import dev.dome.statecontroller.application.read.WorkerDrains;
import dev.dome.statecontroller.application.read.WorkerReads;
import dev.dome.statecontroller.application.read.WorkerReads.WorkerRecord;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.Changes;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who works, and who is to take nothing more. */
@Path("/v1/namespaces/{ns}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "workers")
public class WorkersResource {
  private final WorkerReads workers;
  private final WorkerDrains drains;
  private final Caller caller;
  private final Changes changes;

  WorkersResource(WorkerReads workers, WorkerDrains drains, Caller caller, Changes changes) {
    this.workers = workers;
    this.drains = drains;
    this.caller = caller;
    this.changes = changes;
  }

  /**
   * A worker at one queue.
   *
   * @param deploymentVersion absent when its claims name none
   * @param lastSeenAt when it last claimed or kept a lease
   * @param draining whether it is given nothing more
   * @param drainingSince absent while it is not
   * @param leases tasks of the queue that it holds; a draining worker without any may be stopped
   */
  @Schema(name = "WorkerItem")
  public record WorkerItem(
      String workerId,
      String queue,
      String deploymentVersion,
      Map<String, String> labels,
      String lastSeenAt,
      boolean draining,
      String drainingSince,
      long leases) {

    static WorkerItem of(WorkerRecord worker) {
      return new WorkerItem(
          worker.workerId(),
          worker.queue(),
          worker.deploymentVersion(),
          worker.labels(),
          Timestamps.format(worker.lastSeenMs()),
          worker.drainingSinceMs() != null,
          worker.drainingSinceMs() == null ? null : Timestamps.format(worker.drainingSinceMs()),
          worker.leases());
    }
  }

  /**
   * Whether somebody drains.
   *
   * @param workerId absent when it is about a deployment version
   * @param queue absent when it is about a worker
   * @param deploymentVersion absent when it is about a worker
   * @param since absent when nobody drains
   * @param by the subject that began it; absent when nobody drains
   */
  @Schema(name = "Drain")
  public record DrainView(
      String workerId,
      String queue,
      String deploymentVersion,
      boolean draining,
      String since,
      String by) {

    static DrainView of(Drains.Rule rule, boolean draining, String since, String by) {
      return switch (rule) {
        case Drains.Rule.OfWorker(NamespaceId ns, String workerId) ->
            new DrainView(workerId, null, null, draining, since, by);
        case Drains.Rule.OfVersion(NamespaceId ns, QueueName queue, String version) ->
            new DrainView(null, queue.value(), version, draining, since, by);
      };
    }
  }

  @GET
  @Path("workers")
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listWorkers",
      summary = "Workers seen within a day, by id and queue, with their version and labels")
  public Uni<Page<WorkerItem>> list(
      @PathParam("ns") String ns,
      @Parameter(description = "Only those of a queue") @QueryParam("queue") String queue,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    int size = PageSize.of(pageSize);
    QueueName wanted = queue == null ? null : RequestValues.queue(queue);
    Cursors cursors = Cursors.of("workers", ns, queue);
    WorkerReads.After after = cursors.decode(cursor, WorkerReads.After.class).orElse(null);
    return workers
        .list(RequestValues.namespace(ns), wanted, after, size + 1)
        .map(rows ->
            Page.of(
                rows,
                size,
                WorkerItem::of,
                cursors,
                row -> new WorkerReads.After(row.workerId(), row.queue())));
  }

  @POST
  @Path("workers/{worker_id}/drain")
  @Authorized(Operation.DRAIN_WORKERS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "drainWorker",
      summary = "Gives a worker nothing more and tells it to end once it has finished")
  public Uni<DrainView> drain(@PathParam("ns") String ns, @PathParam("worker_id") String workerId) {
    return begin(worker(ns, workerId));
  }

  @POST
  @Path("workers/{worker_id}/undrain")
  @Authorized(Operation.DRAIN_WORKERS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "undrainWorker",
      summary = "Lets a worker take tasks again")
  public Uni<DrainView> undrain(
      @PathParam("ns") String ns, @PathParam("worker_id") String workerId) {
    return end(worker(ns, workerId));
  }

  @POST
  @Path("queues/{queue}/deployments/{version}/drain")
  @Authorized(Operation.DRAIN_WORKERS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "drainDeployment",
      summary = "Drains every worker of a deployment version of a queue, later ones as well")
  public Uni<DrainView> drainVersion(
      @PathParam("ns") String ns,
      @PathParam("queue") String queue,
      @PathParam("version") String version) {
    return begin(version(ns, queue, version));
  }

  @POST
  @Path("queues/{queue}/deployments/{version}/undrain")
  @Authorized(Operation.DRAIN_WORKERS)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "undrainDeployment",
      summary = "Lets the workers of a deployment version take tasks again")
  public Uni<DrainView> undrainVersion(
      @PathParam("ns") String ns,
      @PathParam("queue") String queue,
      @PathParam("version") String version) {
    return end(version(ns, queue, version));
  }

  private static Drains.Rule worker(String ns, String workerId) {
    return new Drains.Rule.OfWorker(
        RequestValues.namespace(ns), RequestValues.clientName(workerId, "worker id"));
  }

  private static Drains.Rule version(String ns, String queue, String version) {
    return new Drains.Rule.OfVersion(
        RequestValues.namespace(ns),
        RequestValues.queue(queue),
        RequestValues.clientName(version, "deployment version"));
  }

  private Uni<DrainView> begin(Drains.Rule rule) {
    Consumer<Change> changed = changes.begun();
    return drains
        .begin(rule, caller.identity().subject(), System.currentTimeMillis())
        .map(begun ->
            begun
                .map(d -> DrainView.of(rule, true, Timestamps.format(d.sinceMs()), d.actor()))
                .orElseThrow(ProblemException::notFound))
        .invoke(() -> changed.accept(change(rule, true)));
  }

  private Uni<DrainView> end(Drains.Rule rule) {
    Consumer<Change> changed = changes.begun();
    return drains
        .end(rule)
        .map(known -> {
          if (!known) {
            throw ProblemException.notFound();
          }
          return DrainView.of(rule, false, null, null);
        })
        .invoke(() -> changed.accept(change(rule, false)));
  }

  private static Change change(Drains.Rule rule, boolean draining) {
    JsonNode value = Json.mapper().createObjectNode().put("draining", draining);
    return switch (rule) {
      case Drains.Rule.OfWorker(NamespaceId ns, String workerId) ->
          new Change("worker", workerId, value);
      case Drains.Rule.OfVersion(NamespaceId ns, QueueName queue, String version) ->
          new Change("deployment", queue + "/" + version, value);
    };
  }
}
