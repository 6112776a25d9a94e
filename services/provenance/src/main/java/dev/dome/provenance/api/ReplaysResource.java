package dev.dome.provenance.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.provenance.application.LedgerUnavailableException;
import dev.dome.provenance.application.ProvenanceStore;
import dev.dome.provenance.application.ProvenanceStore.Before;
import dev.dome.provenance.application.Replay;
import dev.dome.provenance.application.Replays;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.StrictBody;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Verifications of runs: recomputed from their inputs, row by row. */
@Path("/v1/namespaces/{ns}/replays")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "replays")
public class ReplaysResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;
  private static final int RETRY_AFTER_SECONDS = 1;
  private static final ReasonCode OWNER_UNAVAILABLE = new ReasonCode("INFRA.OWNER_UNAVAILABLE");
  private static final ReasonCode LIMIT_EXCEEDED = new ReasonCode("REQUEST.LIMIT_EXCEEDED");

  private final Replays replays;
  private final ProvenanceStore store;
  private final Caller caller;

  @Inject
  ReplaysResource(Replays replays, ProvenanceStore store, Caller caller) {
    this.replays = replays;
    this.store = store;
    this.caller = caller;
  }

  /** Which run to verify. */
  public record ReplayRequest(String runId) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @StrictBody
  @Authorized(Operation.REPLAY_RUN)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "replayRun",
      summary = "Recomputes a run now, as far as it has come, and says whether every row matches")
  public Uni<ReplayView> verify(@PathParam("ns") String ns, ReplayRequest request) {
    NamespaceId namespace = RequestValues.namespace(ns);
    RunId runId = RequestValues.runId(request == null ? null : request.runId());
    return replays
        .verify(namespace, runId, caller.identity().subject())
        .map(made -> made.orElseThrow(ProblemException::notFound))
        .map(ReplayView::of)
        .onFailure(Replays.TooLargeException.class)
        .transform(e ->
            ProblemException.of(
                422,
                LIMIT_EXCEEDED,
                "The run's ledger is too large to replay while you wait; it is verified for its"
                    + " manifest when the run ends."))
        .onFailure(ReplaysResource::isAway)
        .transform(e ->
            ProblemException.unavailable(
                OWNER_UNAVAILABLE, "The run's ledger cannot be read now.", RETRY_AFTER_SECONDS));
  }

  private static boolean isAway(Throwable failure) {
    return failure instanceof LedgerUnavailableException
        || failure instanceof TimeoutException
        || failure instanceof CircuitBreakerOpenException;
  }

  @GET
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listReplays",
      summary = "Replays of the namespace's runs, the latest first")
  public Uni<ReplayPage> list(
      @PathParam("ns") String ns,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    NamespaceId namespace = RequestValues.namespace(ns);
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    Cursors cursors = Cursors.of("replays", ns);
    return store
        .replays(namespace, cursors.decode(cursor, Before.class), size + 1)
        .map(found -> page(found, size, cursors));
  }

  @GET
  @Path("{replay_id}")
  @Authorized(Operation.READ)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getReplay",
      summary = "One replay")
  public Uni<ReplayView> replay(@PathParam("ns") String ns, @PathParam("replay_id") String id) {
    return store
        .replay(RequestValues.namespace(ns), id)
        .map(found -> found.map(ReplayView::of).orElseThrow(ProblemException::notFound));
  }

  private static ReplayPage page(List<Replay> found, int size, Cursors cursors) {
    List<Replay> shown = found.subList(0, Math.min(size, found.size()));
    List<ReplayView> items = shown.stream().map(ReplayView::of).toList();
    if (found.size() <= size) {
      return new ReplayPage(items, null);
    }
    Replay last = shown.getLast();
    return new ReplayPage(items, cursors.encode(new Before(last.verifiedAtMs(), last.replayId())));
  }
}
