package dev.dome.statecontroller.api;

import dev.dome.contracts.CanonicalJson;
import dev.dome.kernel.JournalRow;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.EvidenceView;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.statecontroller.application.read.NamedEvidence;
import dev.dome.statecontroller.application.read.NamedEvidence.Named;
import dev.dome.statecontroller.application.read.NamedEvidence.Place;
import dev.dome.statecontroller.application.read.RunRecord;
import dev.dome.web.Authorized;
import dev.dome.web.Cursor;
import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the attempts of a run left behind, by digest. */
@Path("/v1/namespaces/{ns}/runs/{id}/evidence")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "runs")
public class RunEvidenceResource {
  private static final String GATE_VERDICT = "gate.verdict";

  /** A result that names something is told by its report, its raw and its final row. */
  private static final int ROWS_PER_RESULT = 3;

  private final RunLookup lookup;
  private final JournalReads journal;

  RunEvidenceResource(RunLookup lookup, JournalReads journal) {
    this.lookup = lookup;
    this.journal = journal;
  }

  /**
   * One page of what a run's attempts named.
   *
   * @param gateDigest SHA-256 over the canonical gate decision that judged the results; absent
   *     while there is none
   * @param nextCursor where the next page begins; absent on the last one. A page may hold fewer
   *     items than asked for and still have one
   */
  public record EvidencePage(List<EvidenceView> items, String gateDigest, String nextCursor) {}

  private record EvidenceCursor(
      String list, String namespace, String runId, long after, long sequence, int index) {}

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listRunEvidence",
      summary = "What the run's attempts named by digest, and which attempt named it")
  public Uni<EvidencePage> evidence(
      @PathParam("ns") String ns,
      @PathParam("id") String id,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize,
      @QueryParam("min_position") String minPosition) {
    int size = PageSize.of(pageSize);
    Place from = cursor == null ? Place.START : place(cursor, ns, id);
    return lookup
        .find(ns, id, minPosition)
        .chain(run ->
            journal
                .rows(run.runUid(), 0, 1)
                .chain(first -> page(run, first.getFirst(), from, size)));
  }

  private Uni<EvidencePage> page(RunRecord run, JournalRow submission, Place from, int size) {
    int limit = ROWS_PER_RESULT * (size + 1);
    return journal
        .naming(run.runUid(), from.after(), limit)
        .chain(rows ->
            journal
                .last(run.runUid(), GATE_VERDICT)
                .map(verdict -> {
                  NamedEvidence evidence = NamedEvidence.of(submission, rows);
                  List<Named> found = evidence.after(from);
                  List<Named> shown = found.subList(0, Math.min(size, found.size()));
                  return new EvidencePage(
                      shown.stream().map(Named::view).toList(),
                      verdict.map(RunEvidenceResource::digest).orElse(null),
                      next(run, evidence, found, size, rows.size() == limit));
                }));
  }

  private static String digest(JournalRow verdict) {
    return CanonicalJson.sha256(verdict.envelope().payload().required("decision"));
  }

  private static String next(
      RunRecord run, NamedEvidence evidence, List<Named> found, int size, boolean moreRows) {
    if (found.size() <= size && !moreRows) {
      return null;
    }
    Place place = found.size() > size ? found.get(size - 1).place() : evidence.last();
    return Cursor.encode(
        new EvidenceCursor(
            "evidence",
            run.namespace().value(),
            run.runId().value(),
            place.after(),
            place.sequence(),
            place.index()));
  }

  private static Place place(String text, String namespace, String runId) {
    EvidenceCursor cursor = Cursor.decode(text, EvidenceCursor.class);
    if (!"evidence".equals(cursor.list())
        || !namespace.equals(cursor.namespace())
        || !runId.equals(cursor.runId())) {
      throw ProblemException.badRequest(
          WebReason.BAD_CURSOR, "The cursor belongs to another list; start again without one.");
    }
    return new Place(cursor.after(), cursor.sequence(), cursor.index());
  }
}
