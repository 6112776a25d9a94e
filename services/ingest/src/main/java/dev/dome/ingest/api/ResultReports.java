package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.KnownEvidence;
import dev.dome.ingest.application.Answer;
import dev.dome.ingest.application.Gathered;
import dev.dome.ingest.application.InboxBodies.Report;
import dev.dome.ingest.application.NamedEvidence;
import dev.dome.ingest.application.Requester;
import dev.dome.ingest.application.Writes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The one way of a result into the inbox, whether it came as a report or as an event. */
@Singleton
final class ResultReports {
  private static final Set<String> HISTORY_FIELDS =
      Set.of(
          "task_id", "status", "attempt", "attempt_id", "reason_code", "worker_id", "finished_at");

  private final Writes alone;
  private final Writes gathered;
  private final NamedEvidence evidence;

  ResultReports(Writes alone, @Gathered Writes gathered, NamedEvidence evidence) {
    this.alone = alone;
    this.gathered = gathered;
    this.evidence = evidence;
  }

  /**
   * Which attempt.
   *
   * @param runId the run it must be of, or null when the report does not say
   * @param at the JSON pointer of the report in its body
   */
  record About(AttemptId attemptId, RunId runId, String at) {
    static About attempt(AttemptId attemptId) {
      return new About(attemptId, null, "");
    }
  }

  /** What a repeat is recognised by. */
  record Filed(String operation, Writes.Key key) {
    /** A result of an attempt is the same whichever way it is reported. */
    static Filed attempt(AttemptId attemptId) {
      return new Filed("attempts.result", Writes.Key.derived("result:" + attemptId));
    }
  }

  /**
   * Puts a result on its attempt's lane, once the evidence it names is there.
   *
   * @param rawBody the bytes as received
   * @param document fits its schema and is redacted: a task.result with the fence
   * @param claimNext what the worker would do next, or null
   */
  CompletionStage<Answer> report(
      Requester requester,
      About about,
      byte[] rawBody,
      Filed filed,
      ObjectNode document,
      Claim.Request claimNext) {
    return report(alone, requester, about, rawBody, filed, document, claimNext);
  }

  /** As {@link #report}, for one of several results that came together and share a sync. */
  CompletionStage<Answer> reportOneOfMany(
      Requester requester, About about, byte[] rawBody, Filed filed, ObjectNode document) {
    return report(gathered, requester, about, rawBody, filed, document, null);
  }

  private CompletionStage<Answer> report(
      Writes writes,
      Requester requester,
      About about,
      byte[] rawBody,
      Filed filed,
      ObjectNode document,
      Claim.Request claimNext) {
    Documents.requireKnownReason(document, about.at());
    Report report = body(document, claimNext);
    return evidence
        .check(requester.namespace(), document, about.at())
        .thenCompose(checked ->
            switch (checked) {
              case NamedEvidence.Checked.Absent(Answer answer) ->
                  CompletableFuture.completedStage(answer);
              case NamedEvidence.Checked.Present(List<KnownEvidence> known) ->
                  writes.aboutAttemptOf(
                      requester,
                      about.runId(),
                      about.attemptId(),
                      rawBody,
                      request(filed, report.with(known)));
            });
  }

  private static Writes.Request request(Filed filed, Report report) {
    return new Writes.Request(
        InboxKind.REPORT_RESULT, filed.operation(), Optional.of(filed.key()), report);
  }

  private static Report body(ObjectNode document, Claim.Request claimNext) {
    ObjectNode result = document.deepCopy();
    long fence = result.remove("fence").longValue();
    keepKnownHistory(result.path("attempt_history"));
    return new Report(fence, Documents.read(result, TaskResult.class), claimNext, null);
  }

  /** Producers of v0.2 put fields of their own into the history; dome keeps its own history. */
  private static void keepKnownHistory(JsonNode history) {
    for (JsonNode attempt : history) {
      ((ObjectNode) attempt).retain(HISTORY_FIELDS);
      if (!attempt.has("attempt")) {
        ((ObjectNode) attempt).put("attempt", 1);
      }
    }
  }
}
