package dev.dome.ingest.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.ingest.application.Answer;
import dev.dome.ingest.application.Requester;
import dev.dome.telemetry.TraceParent;
import dev.dome.web.Caller;
import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import dev.dome.web.access.AccessLog;
import dev.dome.web.access.Asked;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What all resource methods do around their own work: who asks, answering, counting refusals. */
@Singleton
final class Endpoint {
  private final Caller caller;
  private final RejectionMeter meter;
  private final AccessLog accessLog;

  Endpoint(Caller caller, RejectionMeter meter, AccessLog accessLog) {
    this.caller = caller;
    this.meter = meter;
    this.accessLog = accessLog;
  }

  /** The caller with its roles in the namespace, within the current trace. */
  Requester requester(NamespaceId namespace) {
    return new Requester(namespace, caller.actor(namespace), TraceParent.current());
  }

  /**
   * Passes when the caller is bound to no queues in the namespace, or to this one too.
   *
   * @throws ProblemException 403 AUTH.QUEUE
   */
  void requireQueue(NamespaceId namespace, QueueName queue) {
    if (!caller.identity().mayClaimFrom(namespace, queue)) {
      throw ProblemException.forbidden(
          WebReason.QUEUE, "This worker is bound to other queues than " + queue + ".");
    }
  }

  /** Runs a write and answers what came of it. */
  Uni<Response> write(NamespaceId namespace, Supplier<CompletionStage<Answer>> work) {
    return answer(work, answer -> Answers.of(namespace, answer));
  }

  /**
   * Runs the work and answers with it; refusals of both are counted. A caller that leaves cancels
   * only the copy that its answer would have come from: what was begun for it is finished.
   */
  <T> Uni<Response> answer(Supplier<CompletionStage<T>> work, Function<T, Response> response) {
    Consumer<ProblemException> refusals = refusals();
    return Uni.createFrom()
        .completionStage(() -> work.get().toCompletableFuture().copy())
        .map(response)
        .onFailure(ProblemException.class)
        .invoke(refusals);
  }

  /** Counts refusals of the current request's caller, on whatever thread they come to light. */
  Consumer<ProblemException> refusals() {
    String subject = caller.identity().subject();
    Asked asked = caller.asked();
    return problem -> refused(subject, asked, problem);
  }

  /** What a policy forbids to somebody whose role allows it is a denied access as well. */
  private void refused(String subject, Asked asked, ProblemException problem) {
    meter.rejected(problem.reasonCode());
    if (problem.status() == Response.Status.FORBIDDEN.getStatusCode()) {
      accessLog.denied(subject, asked, problem.reasonCode());
    }
  }
}
