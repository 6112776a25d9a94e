package dev.dome.ingest.application;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.ingest.application.DeadLetters.Plan;
import dev.dome.ingest.application.DeadLetters.Read;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Starts runs that try again what other runs gave up. Everything that the new run takes over is
 * gathered here and travels in its submission, because the journal must hold it.
 */
public final class Redrives {
  /** The message, its row in the journal and what lies around it must fit into 2 MB of NATS. */
  static final int MAX_MESSAGE_BYTES = 1_500_000;

  private static final int RETRY_AFTER_SECONDS = 1;

  private final DeadLetters deadLetters;
  private final Writes writes;

  public Redrives(DeadLetters deadLetters, Writes writes) {
    this.deadLetters = deadLetters;
    this.writes = writes;
  }

  /**
   * Who asks for it and why.
   *
   * @param bearer the caller's Authorization header, with which the owners are asked
   * @param givenKey the client's own key, if it sent one
   */
  public record Ask(
      Requester requester,
      String bearer,
      Optional<String> givenKey,
      ReasonCode reasonCode,
      String comment) {

    NamespaceId namespace() {
      return requester.namespace();
    }
  }

  /** What a redrive comes to before anything is stored. */
  sealed interface Prepared {
    /** The submission that would start it. */
    record Ready(RunId nextRunId, RunUid runUid, InboxBodies.Redriving body) implements Prepared {}

    /** Why there can be none. */
    record Impossible(Answer answer) implements Prepared {}
  }

  /**
   * Redrives the run of a dead letter; the same ask leads to the same run.
   *
   * @param rawBody the bytes as received, by which a repeat is recognised
   */
  public CompletionStage<Answer> redrive(Ask ask, byte[] rawBody, String deadLetterId) {
    return prepare(ask, deadLetterId)
        .thenCompose(prepared ->
            switch (prepared) {
              case Prepared.Ready ready -> submit(ask, rawBody, ready);
              case Prepared.Impossible(Answer answer) -> CompletableFuture.completedStage(answer);
            });
  }

  /** Everything that is checked before a redrive is stored; nothing is. */
  CompletionStage<Prepared> prepare(Ask ask, String deadLetterId) {
    return deadLetters
        .plan(ask.namespace(), deadLetterId, ask.bearer())
        .thenApply(read ->
            switch (read) {
              case Read.Found<Plan>(Plan plan) -> prepared(ask, plan);
              case Read.Missing<Plan> missing ->
                  impossible("REQUEST.NOT_FOUND", "There is no dead letter with this id.");
              case Read.Away<Plan> away -> new Prepared.Impossible(ownerAway());
            });
  }

  private static Prepared prepared(Ask ask, Plan plan) {
    if (!plan.runFinal()) {
      return impossible(
          "REDRIVE.RUN_OPEN",
          "The run "
              + plan.runId()
              + " is not final yet; what it has left to do cannot be known before.");
    }
    InboxBodies.Redriving body =
        new InboxBodies.Redriving(
            plan.sourceKind(),
            plan.document(),
            plan.profile(),
            plan.runId(),
            new InboxBodies.Redrive(
                plan.runUid(),
                plan.submitters(),
                ask.reasonCode(),
                ask.comment(),
                plan.deadLetters(),
                plan.carried(),
                plan.evidence()));
    return Json.write(body).length > MAX_MESSAGE_BYTES
        ? impossible(
            "REDRIVE.TOO_LARGE",
            "The document and the results that stand are more than one message may hold.")
        : new Prepared.Ready(plan.nextRunId(), plan.runUid(), body);
  }

  private CompletionStage<Answer> submit(Ask ask, byte[] rawBody, Prepared.Ready ready) {
    return writes.aboutRun(
        ask.requester(),
        ready.nextRunId(),
        rawBody,
        new Writes.Request(
            InboxKind.SUBMIT_RUN,
            "dead-letters.redrive",
            Optional.of(key(ask, rawBody, ready.runUid())),
            ready.body()));
  }

  /**
   * Without a key of the client's own, the same words about the same run are the same redrive, also
   * after that one has ended; a key that the client chose stands for one redrive of each run.
   */
  private Writes.Key key(Ask ask, byte[] rawBody, RunUid runUid) {
    return ask.givenKey()
        .map(key -> Writes.Key.chosen(key + ":" + runUid))
        .orElseGet(() -> Writes.Key.derived("redrive:" + runUid + ":" + writes.digest(rawBody)));
  }

  private static Prepared impossible(String code, String detail) {
    return new Prepared.Impossible(new Answer.Refused(Refusal.of(code, detail)));
  }

  static Answer ownerAway() {
    return new Answer.Unavailable(
        Answer.Stored.NO,
        Refusal.of(
            "INFRA.OWNER_UNAVAILABLE",
            "The service that owns the old run did not answer; nothing was started."),
        RETRY_AFTER_SECONDS);
  }
}
