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
import dev.dome.web.Cursors;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
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
    Cursors cursors = Cursors.of("evidence", ns, id);
    Place from = cursors.decode(cursor, Place.class).orElse(Place.START);
    return lookup
        .find(ns, id, minPosition)
        .chain(run ->
            journal
                .rows(run.runUid(), 0, 1)
                .chain(first -> page(run, first.getFirst(), from, size, cursors)));
  }

  private Uni<EvidencePage> page(
      RunRecord run, JournalRow submission, Place from, int size, Cursors cursors) {
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
                      next(evidence, found, size, rows.size() == limit)
                          .map(cursors::encode)
                          .orElse(null));
                }));
  }

  private static String digest(JournalRow verdict) {
    return CanonicalJson.sha256(verdict.envelope().payload().required("decision"));
  }

  private static Optional<Place> next(
      NamedEvidence evidence, List<Named> found, int size, boolean moreRows) {
    if (found.size() > size) {
      return Optional.of(found.get(size - 1).place());
    }
    return moreRows ? Optional.of(evidence.last()) : Optional.empty();
  }
}
