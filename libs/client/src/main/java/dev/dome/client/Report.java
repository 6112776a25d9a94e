package dev.dome.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.WorkerCalls.ClaimRequest;
import dev.dome.client.model.Grant;
import java.time.Duration;

/** A result on its way to the server. */
record Report(Attempt attempt, Result result, Duration took) {
  Grant grant() {
    return attempt.context().grant();
  }

  QueueWork work() {
    return attempt.work();
  }

  /** The single form. */
  String body(ClaimRequest claimNext) {
    return WorkerCalls.resultBody(grant(), result, took, claimNext);
  }

  /** An item of the batch form. */
  ObjectNode item() {
    return result
        .toTaskResult(grant(), took)
        .put("attempt_id", grant().attemptId())
        .put("fence", grant().fence());
  }
}
