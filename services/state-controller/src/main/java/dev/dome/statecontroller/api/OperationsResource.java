package dev.dome.statecontroller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.Outcome;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.OperationReads;
import dev.dome.statecontroller.application.read.OperationReads.OperationRecord;
import dev.dome.web.Authorized;
import dev.dome.web.Cursors;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What was asked of a namespace and answered, so that answers can be held against the journal. */
@Path("/v1/namespaces/{ns}/operations")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ_OPERATIONS)
@Tag(name = "operations")
public class OperationsResource {
  private final OperationReads operations;

  OperationsResource(OperationReads operations) {
    this.operations = operations;
  }

  /** Where a page ends. */
  private record After(String operationId) {}

  /**
   * An operation as auditors see it.
   *
   * @param repeats the operation that used its key first; absent when this is that one
   * @param keyFingerprint SHA-256 of the key's use, a line feed and the key
   * @param keyDerived whether the key was made from the request, so that only an accepted answer
   *     binds it
   * @param bodyFingerprint equal for equal bodies under one HMAC key
   * @param status the HTTP status of its answer
   * @param answerSha256 over the canonical JSON of the answer without its operation id
   * @param runUid of the run that a submission was answered with
   * @param sequence of the run after it
   */
  @Schema(name = "OperationItem")
  public record OperationItem(
      String operationId,
      InboxKind kind,
      String principal,
      String runId,
      String repeats,
      String keyFingerprint,
      Boolean keyDerived,
      String bodyFingerprint,
      int status,
      String reasonCode,
      String answerSha256,
      String runUid,
      Long sequence,
      String at) {

    static OperationItem of(OperationRecord operation) {
      Outcome outcome = operation.outcome();
      ObjectNode answer = (ObjectNode) Json.tree(outcome);
      answer.remove("operation_id");
      return new OperationItem(
          operation.operationId(),
          operation.kind(),
          operation.principal(),
          operation.runId() == null ? null : operation.runId().value(),
          operation.repeats(),
          operation.keyFingerprint(),
          operation.keyDerived(),
          operation.bodyFingerprint(),
          outcome.status(),
          outcome.reasonCode() == null ? null : outcome.reasonCode().value(),
          CanonicalJson.sha256(answer),
          answer.at("/body/run_uid").textValue(),
          outcome.position() == null ? null : outcome.position().sequence(),
          Timestamps.format(operation.createdAtMs()));
    }
  }

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listOperations",
      summary =
          "Every operation that was decided, by its id: who asked, what it repeats, its answer")
  public Uni<Page<OperationItem>> list(
      @PathParam("ns") String ns,
      @Parameter(
              description = "Only operations about this run, or about up to fifty between commas")
          @QueryParam("run_id")
          String runId,
      @QueryParam("cursor") String cursor,
      @QueryParam("page_size") String pageSize) {
    int size = PageSize.of(pageSize);
    List<RunId> runs = runId == null ? List.of() : RequestValues.runIds(runId);
    Cursors cursors = Cursors.of("operations", ns, runs.toString());
    return operations
        .list(
            RequestValues.namespace(ns),
            runs,
            cursors.decode(cursor, After.class).map(After::operationId).orElse(""),
            size + 1)
        .map(rows ->
            Page.of(rows, size, OperationItem::of, cursors, row -> new After(row.operationId())));
  }
}
