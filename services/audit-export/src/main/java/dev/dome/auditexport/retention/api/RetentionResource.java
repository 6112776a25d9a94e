package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.RetentionStore;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.StrictBody;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How long the audit keeps the records of a namespace. */
@Path("/v1/namespaces/{ns}/audit/retention")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "retention")
@APIResponse(responseCode = "401", description = "The token is absent or refused")
@APIResponse(responseCode = "403", description = "The caller has none of the roles this needs")
@APIResponse(responseCode = "404", description = "The namespace is absent or hidden")
public class RetentionResource {
  private static final ReasonCode UNKNOWN_CLASS = new ReasonCode("RETENTION.UNKNOWN_CLASS");

  private final RetentionStore store;
  private final Caller caller;

  @Inject
  RetentionResource(RetentionStore store, Caller caller) {
    this.store = store;
    this.caller = caller;
  }

  @GET
  @Authorized(Operation.READ_RETENTION)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getRetention",
      summary = "The retention class of what begins in the namespace now, and those there are")
  public Uni<RetentionView> get(@PathParam("ns") String ns) {
    return shown(RequestValues.namespace(ns));
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @StrictBody
  @Authorized(Operation.SET_RETENTION)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "setRetention",
      summary = "Gives the namespace a retention class; runs that have begun keep theirs")
  @APIResponse(responseCode = "422", description = "There is no such class")
  public Uni<RetentionView> set(@PathParam("ns") String ns, RetentionRequest request) {
    NamespaceId namespace = RequestValues.namespace(ns);
    Words words = new Words();
    String wanted =
        words.needed(request == null ? null : request.retentionClass(), "retention_class");
    words.check();
    return store
        .set(namespace, wanted, caller.identity().subject())
        .invoke(change -> {
          if (change == RetentionStore.Change.UNKNOWN) {
            throw ProblemException.of(
                422, UNKNOWN_CLASS, "expected one of the classes that a GET of this lists");
          }
        })
        .flatMap(change -> shown(namespace));
  }

  private Uni<RetentionView> shown(NamespaceId namespace) {
    return store
        .of(namespace)
        .flatMap(retention -> store.classes().map(classes -> RetentionView.of(retention, classes)));
  }
}
