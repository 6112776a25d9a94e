package dev.dome.auditexport.api;

import dev.dome.auditexport.application.AuditQuery;
import dev.dome.auditexport.application.AuditRecord;
import dev.dome.auditexport.application.AuditStore;
import dev.dome.auditexport.application.RecordKind;
import dev.dome.auditexport.retention.Tombstone;
import dev.dome.auditexport.retention.TombstoneStore;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;

/**
 * What the audit has of one run, or of a range of time, to take away. Whoever takes it is recorded.
 */
@Path("/v1/namespaces/{ns}/audit/exports")
@Authorized(Operation.EXPORT_AUDIT)
@Tag(name = "audit")
@APIResponse(responseCode = "400", description = "A parameter is malformed")
@APIResponse(responseCode = "401", description = "The token is absent or refused")
@APIResponse(responseCode = "403", description = "The caller is no auditor of the namespace")
@APIResponse(responseCode = "404", description = "There is no such run, or none to know of")
public class ExportsResource {
  static final String LOG_SIZE = "Audit-Log-Size";
  static final String JSON_LINES = "application/x-ndjson";
  private static final int PAGE = 500;

  private static final ReasonCode PURGED = new ReasonCode("AUDIT.PURGED");

  private final AuditStore store;
  private final TombstoneStore tombstones;

  @Inject
  ExportsResource(AuditStore store, TombstoneStore tombstones) {
    this.store = store;
    this.tombstones = tombstones;
  }

  @GET
  @Path("{run_id}")
  @Produces(JSON_LINES)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "exportRun",
      summary = "Every record of a run, one JSON object a line, in the order of the log",
      description =
          "Streams as fast as it is read. Records that are added meanwhile are not part of it. A"
              + " connection that breaks off leaves the export incomplete: ask again with the"
              + " log_index behind the last whole line as from, and with the answer's"
              + " Audit-Log-Size as before, and the rest follows.")
  @APIResponse(
      responseCode = "200",
      description = "The records",
      headers =
          @Header(
              name = LOG_SIZE,
              description = "How many records the log had when the answer began, or before",
              schema = @Schema(implementation = Long.class)),
      content =
          @Content(mediaType = JSON_LINES, schema = @Schema(implementation = RecordView.class)))
  @APIResponse(responseCode = "410", description = "The run was purged; its tombstones are left")
  public Multi<byte[]> export(
      @PathParam("ns") String ns,
      @PathParam("run_id") String runId,
      @QueryParam("from")
          @Parameter(description = "The first log_index that is wanted; 0 when absent")
          String from,
      @QueryParam("before")
          @Parameter(description = "The log_index that ends the export; none when absent")
          String before) {
    AuditQuery query = AuditQuery.ofRun(RequestValues.namespace(ns), RequestValues.runId(runId));
    Uni<Void> whole =
        tombstones.list(query.namespace(), query.runIds(), 0, 1).map(ExportsResource::whole);
    long first = RequestValues.number(from, "from", 0, 0, Long.MAX_VALUE);
    long last = RequestValues.number(before, "before", Long.MAX_VALUE, 0, Long.MAX_VALUE);
    return streamed(
        whole
            .flatMap(none -> store.size())
            .flatMap(size -> begin(query, first, Math.min(last, size))));
  }

  @GET
  @Produces(JSON_LINES)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "exportRange",
      summary = "Every record of a range of time, one JSON object a line, in the order of the log",
      description =
          "Of runs, decisions and acts alike, as far as they are not purged. Streams, and is gone on"
              + " with after it broke off, as the export of a run.")
  @APIResponse(
      responseCode = "200",
      description = "The records",
      headers =
          @Header(
              name = LOG_SIZE,
              description = "How many records the log had when the answer began, or before",
              schema = @Schema(implementation = Long.class)),
      content =
          @Content(mediaType = JSON_LINES, schema = @Schema(implementation = RecordView.class)))
  public Multi<byte[]> exportRange(
      @PathParam("ns") String ns,
      @QueryParam("since")
          @Parameter(
              description = "RFC 3339; what happened then or later",
              required = true,
              example = "2026-01-31T00:00:00Z")
          String since,
      @QueryParam("until")
          @Parameter(
              description = "RFC 3339; what happened before",
              required = true,
              example = "2026-02-01T00:00:00Z")
          String until,
      @QueryParam("from")
          @Parameter(description = "The first log_index that is wanted; 0 when absent")
          String from,
      @QueryParam("before")
          @Parameter(description = "The log_index that ends the export; none when absent")
          String before) {
    AuditQuery query =
        AuditQuery.ofRange(RequestValues.namespace(ns), time(since, "since"), time(until, "until"));
    if (query.fromMs() >= query.toMs()) {
      throw ProblemException.badRequest(
          WebReason.BAD_PARAMETER, "since expected a time before until");
    }
    long first = RequestValues.number(from, "from", 0, 0, Long.MAX_VALUE);
    long last = RequestValues.number(before, "before", Long.MAX_VALUE, 0, Long.MAX_VALUE);
    return streamed(store.size().flatMap(size -> first(query, first, Math.min(last, size))));
  }

  private static long time(String text, String name) {
    try {
      if (text != null) {
        return Timestamps.parse(text);
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Said below, as of a time that is missing.
    }
    throw ProblemException.badRequest(
        WebReason.BAD_PARAMETER, name + " expected a time such as 2026-01-31T12:00:00Z");
  }

  private static Multi<byte[]> streamed(Uni<Begun> begun) {
    return RestMulti.fromUniResponse(
        begun, Begun::lines, found -> Map.of(LOG_SIZE, List.of(Long.toString(found.end))));
  }

  /** What came after a purge is not the run: it would be taken for a chain that begins late. */
  private static Void whole(List<Tombstone> found) {
    if (!found.isEmpty()) {
      throw ProblemException.of(
          410, PURGED, "The records were purged; tombstone " + found.getFirst().index());
    }
    return null;
  }

  /** The first page is read before the answer begins, so that an unknown run is a 404. */
  private Uni<Begun> begin(AuditQuery query, long from, long end) {
    return store
        .find(query.only(RecordKind.JOURNAL), 0, end, 1)
        .invoke(known -> {
          if (known.isEmpty()) {
            throw ProblemException.notFound();
          }
        })
        .flatMap(known -> first(query, from, end));
  }

  private Uni<Begun> first(AuditQuery query, long from, long end) {
    return store.find(query, from, end, PAGE).map(first -> new Begun(query, end, first));
  }

  private final class Begun {
    private final AuditQuery query;
    private final long end;
    private final List<AuditRecord> first;

    private Begun(AuditQuery query, long end, List<AuditRecord> first) {
      this.query = query;
      this.end = end;
      this.first = first;
    }

    private Multi<byte[]> lines() {
      return Multi.createBy()
          .concatenating()
          .streams(Multi.createFrom().item(first), rest())
          .onItem()
          .transformToMultiAndConcatenate(Multi.createFrom()::iterable)
          .map(record -> Json.write(RecordView.of(record)));
    }

    /** A page is asked for when the one before it has been taken. */
    private Multi<List<AuditRecord>> rest() {
      if (first.isEmpty()) {
        return Multi.createFrom().empty();
      }
      return Multi.createBy()
          .repeating()
          .uni(
              () -> new AtomicLong(first.getLast().logIndex()),
              last ->
                  store
                      .find(query, last.get() + 1, end, PAGE)
                      .invoke(page -> {
                        if (!page.isEmpty()) {
                          last.set(page.getLast().logIndex());
                        }
                      }))
          .whilst(page -> !page.isEmpty());
    }
  }
}
