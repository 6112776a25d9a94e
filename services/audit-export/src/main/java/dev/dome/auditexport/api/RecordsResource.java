package dev.dome.auditexport.api;

import dev.dome.auditexport.application.AuditQuery;
import dev.dome.auditexport.application.AuditRecord;
import dev.dome.auditexport.application.AuditStore;
import dev.dome.auditexport.application.RecordKind;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The audit log of a namespace. */
@Path("/v1/namespaces/{ns}/audit/records")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ_AUDIT)
@Tag(name = "audit")
@APIResponse(responseCode = "400", description = "A parameter or the cursor is malformed")
@APIResponse(responseCode = "401", description = "The token is absent or refused")
@APIResponse(responseCode = "403", description = "The caller is no auditor of the namespace")
@APIResponse(responseCode = "404", description = "The namespace is absent or hidden")
public class RecordsResource {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 200;
  private static final Pattern TOPIC = Pattern.compile("[a-z_]+(\\.[a-z_]+)*");
  private static final int MAX_ACTOR_CHARS = 255;

  private final AuditStore store;

  @Inject
  RecordsResource(AuditStore store) {
    this.store = store;
  }

  /** In which shape records are wanted. */
  private enum Format {
    RECORD,
    OCSF
  }

  /** Where a page ends. */
  private record After(long logIndex) {}

  /** What a caller may ask for. */
  public static class Filter {
    @QueryParam("kind")
    @Parameter(description = "JOURNAL, ACCESS or ADMIN")
    public String kind;

    @QueryParam("run_id")
    @Parameter(description = "One run, or up to fifty between commas")
    public String runId;

    @QueryParam("actor")
    @Parameter(description = "The subject that caused it")
    public String actor;

    @QueryParam("reason_code")
    public String reasonCode;

    @QueryParam("topic")
    @Parameter(description = "Of a journal row, such as gate.verdict, or of an act: audit.purged")
    public String topic;

    @QueryParam("from")
    @Parameter(description = "RFC 3339; what happened then or later")
    public String from;

    @QueryParam("to")
    @Parameter(description = "RFC 3339; what happened before")
    public String to;
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listAuditRecords",
      summary = "What happened in a namespace and who was let do what, in the order of the log")
  @APIResponse(
      responseCode = "200",
      description = "A page of records, or of API Activities (OCSF 1.3.0, class 6003)",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(oneOf = {RecordPage.class, OcsfPage.class})))
  public Uni<AuditPage> list(
      @PathParam("ns") String ns,
      @BeanParam Filter filter,
      @QueryParam("format")
          @Parameter(
              description = "RECORD, the record as it was hashed, or OCSF; RECORD when absent")
          String formatName,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    Format format = RequestValues.oneOf(formatName, "format", Format.class);
    AuditQuery query = query(ns, filter);
    Cursors cursors = Cursors.of("audit", CanonicalJson.text(Json.tree(query)));
    long after = cursors.decode(cursor, After.class).map(After::logIndex).orElse(-1L);
    int size = (int) RequestValues.number(pageSize, "page_size", DEFAULT_SIZE, 1, MAX_SIZE);
    return store
        .find(query, after + 1, Long.MAX_VALUE, size + 1)
        .map(records -> page(records, size, cursors))
        .map(page -> format == Format.OCSF ? OcsfPage.of(page) : page);
  }

  private static AuditQuery query(String ns, Filter filter) {
    return new AuditQuery(
        RequestValues.namespace(ns),
        kinds(filter.kind),
        filter.runId == null ? null : RequestValues.runIds(filter.runId),
        actor(filter.actor),
        reasonCode(filter.reasonCode),
        topic(filter.topic),
        time(filter.from, "from"),
        time(filter.to, "to"));
  }

  private static Set<RecordKind> kinds(String text) {
    RecordKind kind = RequestValues.oneOf(text, "kind", RecordKind.class);
    return kind == null ? null : EnumSet.of(kind);
  }

  private static String actor(String text) {
    if (text != null && (text.isEmpty() || text.length() > MAX_ACTOR_CHARS)) {
      throw bad("actor expected 1 to " + MAX_ACTOR_CHARS + " characters");
    }
    return text;
  }

  private static ReasonCode reasonCode(String text) {
    if (text != null && !ReasonCode.PATTERN.matcher(text).matches()) {
      throw bad("reason_code expected " + ReasonCode.PATTERN);
    }
    return text == null ? null : new ReasonCode(text);
  }

  private static String topic(String text) {
    if (text != null && !TOPIC.matcher(text).matches()) {
      throw bad("topic expected " + TOPIC);
    }
    return text;
  }

  private static Long time(String text, String name) {
    try {
      return text == null ? null : Timestamps.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      throw bad(name + " expected a time such as 2026-01-31T12:00:00Z");
    }
  }

  private static ProblemException bad(String detail) {
    return ProblemException.badRequest(WebReason.BAD_PARAMETER, detail);
  }

  private static RecordPage page(List<AuditRecord> records, int size, Cursors cursors) {
    List<AuditRecord> shown = records.subList(0, Math.min(size, records.size()));
    List<RecordView> items = shown.stream().map(RecordView::of).toList();
    return records.size() <= size
        ? new RecordPage(items, null)
        : new RecordPage(items, cursors.encode(new After(shown.getLast().logIndex())));
  }
}
