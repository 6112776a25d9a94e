package dev.dome.ingest.api;

import dev.dome.contracts.wire.Claim;
import dev.dome.ingest.api.WorkerBodies.Lease;
import dev.dome.ingest.api.WorkerBodies.Tasks;
import dev.dome.ingest.application.Workers;
import dev.dome.web.ProblemException;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** Replies of the controllers to workers, as HTTP. */
final class WorkerAnswers {
  private static final int NO_CONTENT = 204;
  private static final int RETRY_AFTER_SECONDS = 1;

  private WorkerAnswers() {}

  /**
   * Tasks or a directive, or 204 when a controller said that there is nothing. After silence nobody
   * knows, and a grant that got lost on the way is given again to the same claim id, so the worker
   * is to ask again.
   */
  static Response ofClaim(Workers.Response<Claim.Reply> response) {
    return switch (response) {
      case Workers.Response.Answered<Claim.Reply>(Claim.Reply reply) -> ofReply(reply);
      case Workers.Response.Silent<Claim.Reply> silent ->
          throw Problems.unavailable(
              "INFRA.CONTROLLER_UNAVAILABLE",
              "No controller answered in time; ask again with the same claim id.",
              RETRY_AFTER_SECONDS);
      case Workers.Response.Nobody<Claim.Reply> nobody -> throw noController();
    };
  }

  private static Response ofReply(Claim.Reply reply) {
    if (reply.reasonCode() != null) {
      throw Problems.of(reply.reasonCode(), reply.detail(), List.of());
    }
    return reply.settles()
        ? Answers.json(200, new Tasks(reply.tasks(), reply.directives())).build()
        : Response.status(NO_CONTENT).build();
  }

  static Response ofHeartbeat(Workers.Response<Claim.HeartbeatReply> response) {
    return switch (response) {
      case Workers.Response.Answered<Claim.HeartbeatReply>(Claim.HeartbeatReply reply) ->
          ofReply(reply);
      case Workers.Response.Silent<Claim.HeartbeatReply> silent ->
          throw Problems.unavailable(
              "INFRA.CONTROLLER_UNAVAILABLE",
              "The owner of the attempt did not answer; send the heartbeat again.",
              RETRY_AFTER_SECONDS);
      case Workers.Response.Nobody<Claim.HeartbeatReply> nobody -> throw noController();
    };
  }

  private static Response ofReply(Claim.HeartbeatReply reply) {
    if (reply.status() != Response.Status.OK.getStatusCode()) {
      throw ProblemException.of(reply.status(), reply.reasonCode(), reply.detail());
    }
    List<String> directives = reply.directives() == null ? List.of() : reply.directives();
    return Answers.json(200, new Lease(reply.leaseExpiresAt(), directives)).build();
  }

  static ProblemException noSuchAttempt() {
    return Problems.of("ATTEMPT.NOT_FOUND", "There is no attempt with this id.");
  }

  static ProblemException tooManyParked() {
    return Problems.unavailable(
        "INFRA.OVERLOADED",
        "As many claims wait here as may; ask again later.",
        RETRY_AFTER_SECONDS);
  }

  private static ProblemException noController() {
    return Problems.unavailable(
        "INFRA.CONTROLLER_UNAVAILABLE",
        "No state-controller is there to answer; ask again later.",
        RETRY_AFTER_SECONDS);
  }
}
