package dev.dome.statecontroller.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.security.Identity;
import dev.dome.security.Operation;
import dev.dome.security.Role;
import dev.dome.statecontroller.application.read.QueueView;
import dev.dome.statecontroller.application.read.RunReads;
import dev.dome.web.Authenticated;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Namespaces and their queues. */
@Path("/v1/namespaces")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "namespaces")
public class NamespaceResource {
  private final RunReads runs;
  private final Caller caller;

  NamespaceResource(RunReads runs, Caller caller) {
    this.runs = runs;
    this.caller = caller;
  }

  /** A namespace the caller has a role in. */
  public record NamespaceView(String namespace, List<String> roles) {}

  @GET
  @Authenticated
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listNamespaces",
      summary = "The namespaces the caller has roles in")
  public Page<NamespaceView> namespaces() {
    Identity identity = caller.identity();
    return new Page<>(
        identity.roles().keySet().stream()
            .sorted()
            .map(namespace -> new NamespaceView(namespace.value(), roles(identity, namespace)))
            .toList(),
        null);
  }

  private static List<String> roles(Identity identity, NamespaceId namespace) {
    return identity.rolesIn(namespace).stream().map(Role::claim).sorted().toList();
  }

  @GET
  @Path("{ns}/queues")
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listQueues",
      summary =
          "How many tasks are ready, held and leased in each queue that has open tasks or is paused")
  public Uni<Page<QueueView>> queues(@PathParam("ns") String ns) {
    return runs.queues(RequestValues.namespace(ns))
        .map(queues -> new Page<>(queues.stream().map(QueueView::of).toList(), null));
  }
}
