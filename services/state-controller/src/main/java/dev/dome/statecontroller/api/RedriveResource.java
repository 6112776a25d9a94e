package dev.dome.statecontroller.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.statecontroller.application.read.RedriveName;
import dev.dome.statecontroller.application.read.RedrivePlan;
import dev.dome.statecontroller.application.read.RunFold;
import dev.dome.statecontroller.application.read.RunReads;
import dev.dome.statecontroller.application.read.RunRecord;
import dev.dome.web.Authorized;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a redrive of a dead letter would take over, for whoever asks for one. */
@Path("/v1/namespaces/{ns}/redrive-plans/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "redrives")
public class RedriveResource {
  /** The run and the row of its journal that gave the task up. */
  private static final Pattern DEAD_LETTER_ID = Pattern.compile("([0-9a-f]{32})-([1-9][0-9]{0,8})");

  private final RunReads runs;
  private final JournalReads journal;

  RedriveResource(RunReads runs, JournalReads journal) {
    this.runs = runs;
    this.journal = journal;
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getRedrivePlan",
      summary = "What a redrive of the dead letter's run takes over, and the run it would be")
  public Uni<RedrivePlan> plan(@PathParam("ns") String ns, @PathParam("id") String id) {
    NamespaceId namespace = RequestValues.namespace(ns);
    Matcher named = DEAD_LETTER_ID.matcher(id);
    if (!named.matches()) {
      throw ProblemException.notFound();
    }
    long sequence = Long.parseLong(named.group(2));
    return runs.find(namespace, new RunUid(named.group(1)))
        .map(run -> run.orElseThrow(ProblemException::notFound))
        .chain(run -> plan(run, sequence));
  }

  private Uni<RedrivePlan> plan(RunRecord run, long sequence) {
    return journal
        .events(run.runUid(), 0, Math.toIntExact(run.sequence()))
        .chain(events -> {
          boolean known =
              events.stream()
                  .anyMatch(row ->
                      row.envelope().sequence() == sequence && RedrivePlan.isDeadLetter(row));
          if (!known) {
            throw ProblemException.notFound();
          }
          return plan(run, events);
        });
  }

  private Uni<RedrivePlan> plan(RunRecord run, List<JournalRow> events) {
    RunState state = RunFold.of(events);
    String root = RedriveName.root(run.runId(), run.redriveOf());
    return journal
        .rows(run.runUid(), 0, 1)
        .chain(first ->
            journal
                .naming(run.runUid(), 0, Math.toIntExact(run.sequence()))
                .chain(naming ->
                    next(run.namespace(), root, 1, null)
                        .map(next ->
                            RedrivePlan.of(state, first.getFirst(), events, naming, next))));
  }

  private Uni<RunId> next(NamespaceId namespace, String root, int from, RunRecord newest) {
    List<RunId> candidates = RedriveName.candidates(root, from);
    if (candidates.isEmpty()) {
      throw ProblemException.badRequest(
          WebReason.BAD_PARAMETER, "The run's id is too long to name a redrive by.");
    }
    return runs.named(namespace, candidates)
        .chain(taken ->
            RedriveName.next(candidates, taken, newest)
                .map(name -> Uni.createFrom().item(name))
                .orElseGet(() ->
                    next(
                        namespace,
                        root,
                        from + RedriveName.WINDOW,
                        RedriveName.newest(candidates, taken, newest))));
  }
}
