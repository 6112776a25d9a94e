package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.Outcome;
import dev.dome.ingest.application.Answer;
import dev.dome.ingest.application.Refusal;
import dev.dome.web.ProblemException;
import dev.dome.web.ProblemResponses;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;

/** Answers of the application as HTTP: what the status, the body and the Location are. */
final class Answers {
  private Answers() {}

  /**
   * The operation a 202 stands for.
   *
   * @param operationUrl where its outcome will be
   */
  record Operation(String operationId, String status, String operationUrl) {}

  /**
   * The response of a success.
   *
   * @throws ProblemException for everything else
   */
  static Response of(NamespaceId namespace, Answer answer) {
    return switch (answer) {
      case Answer.Decided(Outcome outcome) -> decided(namespace, outcome);
      case Answer.Queued queued -> queued(queued);
      case Answer.Refused(Refusal refusal) -> throw Problems.of(refusal);
      case Answer.Unavailable unavailable ->
          throw ProblemException.unavailable(
                  unavailable.refusal().code(),
                  unavailable.refusal().detail(),
                  unavailable.retryAfterSeconds())
              .about(unavailable.operationId());
    };
  }

  private static Response decided(NamespaceId namespace, Outcome outcome) {
    if (!outcome.accepted()) {
      throw ProblemException.of(
              outcome.status(),
              outcome.reasonCode(),
              outcome.detail(),
              outcome.errors() == null ? List.of() : outcome.errors())
          .about(outcome.operationId());
    }
    Response.ResponseBuilder response =
        json(outcome.status(), outcome.body())
            .header(ProblemResponses.OPERATION_ID, outcome.operationId());
    JsonNode runId = outcome.body().path("run_id");
    if (outcome.status() == 201 && runId.isTextual()) {
      response.location(URI.create("/v1/namespaces/" + namespace + "/runs/" + runId.textValue()));
    }
    return response.build();
  }

  private static Response queued(Answer.Queued queued) {
    String url = "/v1/namespaces/" + queued.namespace() + "/operations/" + queued.operationId();
    return json(202, new Operation(queued.operationId(), "QUEUED", url))
        .header(ProblemResponses.OPERATION_ID, queued.operationId())
        .location(URI.create(url))
        .build();
  }

  static Response.ResponseBuilder json(int status, Object body) {
    return Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(Json.write(body));
  }
}
