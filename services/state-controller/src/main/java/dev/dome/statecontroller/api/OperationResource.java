package dev.dome.statecontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Outcome;
import dev.dome.security.Operation;
import dev.dome.statecontroller.application.read.OperationReads;
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
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The operation URL that a 202 names. */
@Path("/v1/namespaces/{ns}/operations/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Authorized(Operation.READ)
@Tag(name = "operations")
public class OperationResource {
  private static final Pattern UUID_V7 =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

  /** How long an accepted operation may go unapplied before its id is taken for an unknown one. */
  private static final Duration YOUNG = Duration.ofHours(24);

  /** Clocks of the hosts that make ids and answer here differ by less than this. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final OperationReads operations;
  private final Clock clock = Clock.systemUTC();

  OperationResource(OperationReads operations) {
    this.operations = operations;
  }

  /**
   * What became of an operation.
   *
   * @param status PENDING, or DONE with its outcome
   */
  public record OperationView(String operationId, String status, JsonNode outcome) {}

  @GET
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "getOperation",
      summary = "What became of an accepted operation",
      description =
          "PENDING while an id of the last day has no outcome; the service cannot tell such an id"
              + " from one that nobody was given.")
  public Uni<OperationView> operation(@PathParam("ns") String ns, @PathParam("id") String id) {
    if (!UUID_V7.matcher(id).matches()) {
      throw ProblemException.badRequest(
          WebReason.BAD_IDENTIFIER, "The operation id expected a UUID of version 7.");
    }
    return operations.outcome(RequestValues.namespace(ns), id).map(outcome -> view(id, outcome));
  }

  private OperationView view(String id, Optional<Outcome> outcome) {
    if (outcome.isPresent()) {
      return new OperationView(id, "DONE", Json.tree(outcome.get()));
    }
    if (!isYoung(id)) {
      throw ProblemException.notFound();
    }
    return new OperationView(id, "PENDING", null);
  }

  /** RFC 9562 section 5.7: the first 48 bits are milliseconds since the epoch. */
  private boolean isYoung(String id) {
    long madeAtMs = UUID.fromString(id).getMostSignificantBits() >>> 16;
    long ageMs = clock.millis() - madeAtMs;
    return ageMs <= YOUNG.toMillis() && ageMs >= -SKEW.toMillis();
  }
}
