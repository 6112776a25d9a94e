package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.ingest.api.ReportedItems.Item;
import dev.dome.ingest.application.Answer;
import dev.dome.ingest.application.Requester;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.RequestValues;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Many results at once, each answered as if it had come alone. */
@Path("/v1/namespaces/{ns}/results")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "workers")
public final class ResultsResource {
  private static final String ATTEMPT_ID = "attempt_id";
  private static final String CLAIM_NEXT = "claim_next";

  private final Endpoint endpoint;
  private final Documents documents;
  private final ResultReports reports;
  private final ReportedItems items;

  ResultsResource(
      Endpoint endpoint, Documents documents, ResultReports reports, ReportedItems items) {
    this.endpoint = endpoint;
    this.documents = documents;
    this.reports = reports;
    this.items = items;
  }

  @POST
  @Authorized(Operation.REPORT_RESULT)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "reportResults",
      summary = "Reports up to 100 attempts; each has an answer of its own")
  public Uni<Response> results(@PathParam("ns") String ns, byte[] body) {
    NamespaceId namespace = RequestValues.namespace(ns);
    return items.answer(
        namespace,
        () -> {
          ObjectNode document =
              documents.fitting(SchemaNames.RESULTS_REQUEST, documents.object(body));
          Requester requester = endpoint.requester(namespace);
          return items(requester, document.required("results"));
        });
  }

  private List<Item> items(Requester requester, JsonNode results) {
    requireEachAttemptOnce(results);
    List<Item> read = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      ObjectNode result = (ObjectNode) results.get(i);
      AttemptId attemptId = new AttemptId(result.remove(ATTEMPT_ID).textValue());
      read.add(
          new Item(
              "/results/" + i,
              attemptId.value(),
              "/v1/namespaces/" + requester.namespace() + "/attempts/" + attemptId + "/result",
              () -> report(requester, attemptId, result)));
    }
    return read;
  }

  private static void requireEachAttemptOnce(JsonNode results) {
    Set<String> seen = new HashSet<>();
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (!seen.add(results.get(i).path(ATTEMPT_ID).textValue())) {
        errors.add(
            new FieldError(
                "/results/" + i + "/" + ATTEMPT_ID,
                new ReasonCode("SCHEMA.ITEMS"),
                "expected each attempt once"));
      }
    }
    if (!errors.isEmpty()) {
      throw Problems.violation(errors);
    }
  }

  /**
   * What a repeat is held against is the result written compactly, its members as they came: the
   * bytes that a worker sends which reports the same alone.
   */
  private CompletionStage<Answer> report(
      Requester requester, AttemptId attemptId, ObjectNode result) {
    if (result.has(CLAIM_NEXT)) {
      throw Problems.violation(
          "/" + CLAIM_NEXT, "SCHEMA.UNKNOWN_FIELD", "expected in a result that comes alone only");
    }
    return reports.reportOneOfMany(
        requester,
        ResultReports.About.attempt(attemptId),
        Json.write(result),
        ResultReports.Filed.attempt(attemptId),
        documents.redacted(documents.fitting(SchemaNames.RESULT_REQUEST, result)));
  }
}
