package dev.dome.statecontroller.api;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.artifact.PromotionDecision;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.kernel.RunState;
import dev.dome.kernel.RunStatus;
import dev.dome.kernel.TaskState;
import dev.dome.kernel.TaskStatus;
import dev.dome.kernel.WaitingOn;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.limits.LimitStore;
import dev.dome.statecontroller.application.limits.LimitUse;
import dev.dome.statecontroller.application.read.GraphView;
import dev.dome.statecontroller.application.read.RunReads;
import dev.dome.statecontroller.application.read.RunReads.After;
import dev.dome.statecontroller.application.read.RunReads.Filter;
import dev.dome.statecontroller.application.read.RunReads.LeaseRecord;
import dev.dome.statecontroller.application.read.RunReads.TaskRecord;
import dev.dome.statecontroller.application.read.RunRecord;
import dev.dome.statecontroller.application.read.RunView;
import dev.dome.statecontroller.application.read.StateSpaceView;
import dev.dome.statecontroller.application.read.SummaryView;
import dev.dome.statecontroller.application.read.TaskView;
import dev.dome.statecontroller.application.read.WorkerReads;
import dev.dome.statecontroller.application.read.WorkerReads.WorkerRecord;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Runs and what the kernel made of them. */
@Path("/v1/namespaces/{ns}/runs")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "runs")
public class RunResource {
  private static final ReasonCode NO_GATE = new ReasonCode("GATE.NOT_FOUND");
  private static final ReasonCode NO_PROMOTION = new ReasonCode("PROMOTION.NOT_FOUND");
  private static final int MAX_SUBMITTER_CHARS = 255;

  /** As many of a run's limits are looked at as a namespace may have. */
  private static final int MAX_LIMITS = LimitStore.MAX_PER_NAMESPACE;

  private final RunReads runs;
  private final WorkerReads workers;
  private final RunLookup lookup;
  private final SummaryLimits limits;
  private final LimitStore taskLimits;

  RunResource(
      RunReads runs,
      WorkerReads workers,
      RunLookup lookup,
      SummaryLimits limits,
      LimitStore taskLimits) {
    this.runs = runs;
    this.workers = workers;
    this.lookup = lookup;
    this.limits = limits;
    this.taskLimits = taskLimits;
  }

  /** The place of a task in the plan. */
  private record AfterTask(int planIndex) {}

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listRuns",
      summary = "The namespace's runs, newest first")
  public Uni<Page<RunView>> list(
      @PathParam("ns") String ns,
      @Parameter(description = "Only runs of this status") @QueryParam("status") String status,
      @Parameter(description = "Only runs this subject submitted") @QueryParam("submitter")
          String submitter,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    RunStatus wanted = RequestValues.oneOf(status, "status", RunStatus.class);
    int size = PageSize.of(pageSize);
    Cursors cursors = Cursors.of("runs", ns, status, submitter);
    After after = cursors.decode(cursor, After.class).orElse(null);
    return runs.list(
            RequestValues.namespace(ns), new Filter(wanted, subject(submitter)), after, size + 1)
        .map(rows ->
            Page.of(
                rows,
                size,
                RunView::of,
                cursors,
                row -> new After(row.createdAtMs(), row.runId().value())));
  }

  private static String subject(String submitter) {
    if (submitter != null
        && (submitter.length() > MAX_SUBMITTER_CHARS || submitter.indexOf('\0') >= 0)) {
      throw ProblemException.badRequest(
          WebReason.BAD_PARAMETER, "submitter expected a subject of at most 255 characters");
    }
    return submitter;
  }

  @GET
  @Path("{id}")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getRun",
      summary = "A run, and what it waits on while it is not final")
  public Uni<RunView> run(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("min_position") String minPosition) {
    return lookup.fold(ns, id, minPosition).chain(this::view);
  }

  private Uni<RunView> view(RunLookup.Folded folded) {
    RunRecord run = folded.run();
    return taskLimits
        .uses(run.namespace(), limitsOfReady(folded.state()))
        .map(uses -> WaitingOn.of(folded.state(), exhausted(uses)))
        .chain(waiting ->
            Uni.combine()
                .all()
                .unis(
                    runs.redrives(run.namespace(), run.runId()),
                    pollersLastSeen(run.namespace(), waiting))
                .usingConcurrencyOf(1)
                .with((redrives, seen) ->
                    RunView.of(
                        run,
                        folded.state(),
                        redrives,
                        waiting,
                        seen.isPresent() ? (Long) seen.getAsLong() : null)));
  }

  private Uni<OptionalLong> pollersLastSeen(NamespaceId namespace, Optional<WaitingOn> waiting) {
    return waiting
        .map(WaitingOn::queue)
        .map(queue ->
            workers
                .listPollers(namespace, queue)
                .map(seen -> seen.stream().mapToLong(WorkerRecord::lastSeenMs).max()))
        .orElseGet(() -> Uni.createFrom().item(OptionalLong.empty()));
  }

  private static Set<LimitName> limitsOfReady(RunState state) {
    return state.dispatchable().stream()
        .flatMap(task -> task.plan().limits().stream())
        .distinct()
        .limit(MAX_LIMITS)
        .collect(Collectors.toSet());
  }

  private static Set<WaitingOn.Exhausted> exhausted(List<LimitUse> uses) {
    return uses.stream().flatMap(use -> use.exhausted().stream()).collect(Collectors.toSet());
  }

  @GET
  @Path("{id}/tasks")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listTasks",
      summary = "The run's tasks in the order of its plan")
  public Uni<Page<TaskView>> tasks(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @Parameter(description = "Only tasks of this status") @QueryParam("status") String status,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize,
      @QueryParam("min_position") String minPosition) {
    TaskStatus wanted = RequestValues.oneOf(status, "status", TaskStatus.class);
    int size = PageSize.of(pageSize);
    Cursors cursors = Cursors.of("tasks", ns, id, status);
    return tasks(lookup.find(ns, id, minPosition), wanted, cursors, cursor, size)
        .chain(page ->
            runs.leases(attempts(page.items()))
                .map(leases -> new Page<>(views(page.items(), leases), page.nextCursor())));
  }

  private Uni<Page<TaskState>> tasks(
      Uni<RunRecord> run, TaskStatus status, Cursors cursors, String cursor, int size) {
    int after = cursors.decode(cursor, AfterTask.class).map(AfterTask::planIndex).orElse(-1);
    return run.chain(found -> runs.tasks(found.runUid(), status, after, size + 1))
        .map(rows ->
            Page.of(rows, size, TaskRecord::task, cursors, row -> new AfterTask(row.planIndex())));
  }

  private static List<AttemptId> attempts(List<TaskState> tasks) {
    return tasks.stream().map(TaskState::attemptId).filter(Objects::nonNull).toList();
  }

  private static List<TaskView> views(List<TaskState> tasks, List<LeaseRecord> leases) {
    Map<String, LeaseRecord> byAttempt =
        leases.stream().collect(Collectors.toMap(LeaseRecord::attemptId, Function.identity()));
    return tasks.stream()
        .map(task ->
            TaskView.of(
                task, task.attemptId() == null ? null : byAttempt.get(task.attemptId().value())))
        .toList();
  }

  @GET
  @Path("{id}/graph")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getGraph",
      summary = "The run's plan as nodes and edges, with the state of each task")
  public Uni<GraphView> graph(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize,
      @QueryParam("min_position") String minPosition) {
    int size = PageSize.of(pageSize);
    Cursors cursors = Cursors.of("graph", ns, id);
    return lookup
        .find(ns, id, minPosition)
        .chain(run ->
            tasks(Uni.createFrom().item(run), null, cursors, cursor, size)
                .map(page -> GraphView.of(run, page.items(), page.nextCursor())));
  }

  @GET
  @Path("{id}/gate")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getGateDecision",
      summary = "The gate.decision artifact; its digest, which an approval names, is the ETag")
  public Uni<RestResponse<GateDecision>> gate(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("min_position") String minPosition) {
    return state(ns, id, minPosition)
        .map(state -> {
          GateDecision gate = state.gate();
          if (gate == null) {
            throw ProblemException.notFound(NO_GATE, "The run has no gate decision yet.");
          }
          String digest = CanonicalJson.sha256(Json.tree(gate));
          return RestResponse.ResponseBuilder.ok(gate)
              .header(HttpHeaders.ETAG, '"' + digest + '"')
              .build();
        });
  }

  @GET
  @Path("{id}/promotion")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getPromotionDecision",
      summary = "The promotion.decision artifact")
  public Uni<PromotionDecision> promotion(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("min_position") String minPosition) {
    return state(ns, id, minPosition)
        .map(state -> {
          if (state.promotion() == null) {
            throw ProblemException.notFound(NO_PROMOTION, "The run has no promotion decision yet.");
          }
          return state.promotion();
        });
  }

  @GET
  @Path("{id}/state-space")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getStateSpace",
      summary = "The state.space artifact of the run")
  public Uni<StateSpaceView> stateSpace(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("min_position") String minPosition) {
    return state(ns, id, minPosition).map(StateSpaceView::of);
  }

  @GET
  @Path("{id}/summary")
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getSummary",
      summary = "The run in numbers, with its alert gate")
  public Uni<SummaryView> summary(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("min_position") String minPosition) {
    return state(ns, id, minPosition).map(state -> SummaryView.of(state, limits.toLimits()));
  }

  private Uni<RunState> state(String ns, String id, String minPosition) {
    return lookup.fold(ns, id, minPosition).map(RunLookup.Folded::state);
  }
}
