package dev.dome.retryscheduler.api;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.BreakerSteering;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Queues as operators hold them back: what is done to a queue is done to its breaker. */
@Path("/v1/namespaces/{ns}/queues/{queue}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "queues")
public class QueueSteeringResource {
  private final Steering steering;
  private final Caller caller;

  @Inject
  QueueSteeringResource(Steering steering, Caller caller) {
    this.steering = steering;
    this.caller = caller;
  }

  @POST
  @Path("pause")
  @Authorized(Operation.PAUSE_BREAKER)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "pauseQueue",
      summary = "Hands out none of the queue's tasks until it is resumed; what runs goes on")
  public Uni<BreakerView> pause(
      @PathParam("ns") String ns,
      @PathParam("queue") String queue,
      @HeaderParam(BreakersResource.IDEMPOTENCY_KEY) String idempotencyKey,
      byte[] body) {
    return steer(BreakerSteering.Action.PAUSED, ns, queue, idempotencyKey, body);
  }

  @POST
  @Path("resume")
  @Authorized(Operation.RESUME_BREAKER)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "resumeQueue",
      summary = "Hands out the queue's tasks again, whatever held them back")
  public Uni<BreakerView> resume(
      @PathParam("ns") String ns,
      @PathParam("queue") String queue,
      @HeaderParam(BreakersResource.IDEMPOTENCY_KEY) String idempotencyKey,
      byte[] body) {
    return steer(BreakerSteering.Action.RESUMED, ns, queue, idempotencyKey, body);
  }

  private Uni<BreakerView> steer(
      BreakerSteering.Action action, String ns, String queue, String idempotencyKey, byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    BreakerKey key = BreakerKey.ofQueue(RequestValues.queue(queue));
    String actor = caller.identity().subject();
    return steering.carryOut(
        SteeringRequests.order(namespace, key, action, actor, idempotencyKey, body));
  }
}
