package dev.dome.statecontroller.application;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.Context;
import dev.dome.kernel.Input;
import dev.dome.kernel.KernelReasonCodes;
import dev.dome.kernel.PolicySet;
import dev.dome.kernel.RunState;
import dev.dome.kernel.RunStatus;
import dev.dome.kernel.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Answers the asks of one batch: repeats first, then by the kernel. */
final class AskHandler {
  private final Ledger ledger;
  private final Store.Found found;
  private final Supplier<PolicySet> policies;
  private final BiFunction<Lane, NamespaceId, List<BreakerSnapshot>> breakers;
  private final Republications republications;
  private final long nowMs;
  private final Map<Store.AnswerKey, Keyed> answered = new HashMap<>();
  private final Map<Store.OperationName, Answer> operations = new HashMap<>();
  private final List<Answer> answers = new ArrayList<>();
  private final List<Answer> unrecorded = new ArrayList<>();
  private final List<Changes.LateReport> lateReports = new ArrayList<>();

  /** An answer of this batch and the body it answers. */
  private record Keyed(Answer answer, InboxMessage.IdempotencyKey key) {}

  /**
   * Of one batch.
   *
   * @param breakers those of a namespace that are not closed, null when there are none
   */
  AskHandler(
      Ledger ledger,
      Store.Found found,
      Supplier<PolicySet> policies,
      BiFunction<Lane, NamespaceId, List<BreakerSnapshot>> breakers,
      Republications republications,
      long nowMs) {
    this.ledger = ledger;
    this.found = found;
    this.policies = policies;
    this.breakers = breakers;
    this.republications = republications;
    this.nowMs = nowMs;
  }

  /**
   * Answers one ask.
   *
   * @return whether it was decided now and accepted, so that a claim that came with it counts
   * @throws RuntimeException when the decision failed; nothing is kept then
   */
  boolean answer(Ask ask) {
    Answer repeat = repeatOf(ask);
    if (repeat != null) {
      answers.add(repeat);
      return false;
    }
    Answer answer = Answer.first(ask, decide(ask));
    keep(answer);
    return answer.outcome().accepted();
  }

  /** Answers an ask whose decision failed. */
  void poisoned(Ask ask) {
    keep(
        Answer.first(
            ask,
            Outcomes.refused(
                ask.message(),
                422,
                Outcomes.POISON,
                "expected an input that can be decided but deciding it failed; it was set aside")));
  }

  /** Answers an ask whose decision the store refused; a repeat gets the answer it repeats. */
  void refused(Ask ask) {
    Answer repeat = repeatOf(ask);
    if (repeat != null) {
      answers.add(repeat);
    } else {
      keep(unstorable(ask));
    }
  }

  /** Answers an ask of which nothing can be stored, not even its answer. */
  void refusedUnrecorded(Ask ask) {
    unrecorded.add(unstorable(ask));
  }

  private static Answer unstorable(Ask ask) {
    return Answer.first(
        ask,
        Outcomes.refused(
            ask.message(),
            422,
            Outcomes.POISON,
            "expected an input that can be stored but the store refused it; it was set aside"));
  }

  private void keep(Answer answer) {
    answers.add(answer);
    operations.put(answer.ask().operation(), answer);
    Store.AnswerKey key = answer.ask().answerKey();
    if (key != null && binds(answer)) {
      answered.put(key, new Keyed(answer, answer.ask().message().idempotency()));
    }
  }

  /**
   * A key that names its own object is not spent on a rejection, so a corrected body may follow.
   */
  private static boolean binds(Answer answer) {
    return !answer.ask().message().idempotency().derived() || answer.outcome().accepted();
  }

  private Answer repeatOf(Ask ask) {
    Answer sameOperation = operations.get(ask.operation());
    if (sameOperation != null) {
      return Answer.repeat(ask, sameOperation);
    }
    Outcome stored = found.operations().get(ask.operation());
    if (stored != null) {
      return Answer.repeat(ask, stored);
    }
    Store.AnswerKey key = ask.answerKey();
    return key == null ? null : repeatOf(ask, key);
  }

  private Answer repeatOf(Ask ask, Store.AnswerKey key) {
    InboxMessage.IdempotencyKey mine = ask.message().idempotency();
    Keyed here = answered.get(key);
    if (here != null) {
      return sameBody(mine, here.key().bodyHmac(), here.key().hmacKeyId())
          ? Answer.repeat(ask, here.answer())
          : Answer.conflict(ask, otherBody(ask), here.answer().ask().message().operationId());
    }
    Store.FirstAnswer first = found.answers().get(key);
    if (first == null) {
      return null;
    }
    return sameBody(mine, first.bodyHmac(), first.hmacKeyId())
        ? Answer.repeat(ask, first.outcome())
        : Answer.conflict(ask, otherBody(ask), first.outcome().operationId());
  }

  private static boolean sameBody(InboxMessage.IdempotencyKey mine, String hmac, String keyId) {
    return mine.bodyHmac().equals(hmac) && mine.hmacKeyId().equals(keyId);
  }

  private static Outcome otherBody(Ask ask) {
    boolean namedByRun =
        ask.message().kind() == InboxKind.SUBMIT_RUN && ask.message().idempotency().derived();
    return namedByRun
        ? idConflict(ask)
        : Outcomes.refused(
            ask.message(),
            409,
            Outcomes.IDEMPOTENCY_CONFLICT,
            "expected the body that first used this idempotency key but was another body");
  }

  private static Outcome idConflict(Ask ask) {
    return Outcomes.refused(
        ask.message(),
        409,
        Outcomes.RUN_ID_CONFLICT,
        "expected a new run id but it was submitted before with another body");
  }

  private Outcome decide(Ask ask) {
    return switch (ask.message().kind()) {
      case SUBMIT_RUN -> submit(ask);
      case REPORT_RESULT, RELEASE_TASK, TASK_DEADLINE_DUE -> aboutAttempt(ask);
      case CANCEL_RUN, PAUSE_RUN, RESUME_RUN, DECIDE_APPROVAL, RETRY_DUE, RUN_DEADLINE_DUE ->
          aboutRun(ask);
      case REPUBLISH_LANE -> republications.ask(ask);
      case BREAKER_CHANGED ->
          throw new IllegalStateException("a breaker's change is not about one run");
    };
  }

  private Outcome submit(Ask ask) {
    RunHead existing = ledger.named(ask.runName());
    if (existing != null) {
      return sameSubmission(ask, existing)
          ? Outcomes.submitted(ask, existing.state(), 200)
          : otherSubmission(ask, existing);
    }
    InboxMessage.IdempotencyKey key = ask.message().idempotency();
    String documentSha256 = ((Input.SubmitRun) ask.input()).documentSha256();
    RunHead unborn =
        new RunHead(
            null,
            RunHead.BEFORE_FIRST,
            null,
            key == null ? documentSha256 : key.bodyHmac(),
            key == null ? "none" : key.hmacKeyId());
    Lane lane = ask.delivery().lane();
    Context context =
        new Context(
            nowMs,
            ask.message().actor(),
            Traces.of(ask.message().traceparent(), ask.message().operationId()),
            policies.get(),
            breakers.apply(lane, ask.message().namespace()),
            null,
            ask.message().operationId());
    Ledger.Begun begun = ledger.begin(unborn, lane, ask.input(), context);
    return begun
        .tooLarge()
        .map(detail ->
            Outcomes.refused(ask.message(), 422, KernelReasonCodes.REQUEST_LIMIT_EXCEEDED, detail))
        .orElseGet(() -> Outcomes.of(ask, null, begun.step()));
  }

  /** A redrive was named after the newest one before it, unless that one ended without success. */
  private static Outcome otherSubmission(Ask ask, RunHead existing) {
    if (((Input.SubmitRun) ask.input()).redriveOf() == null
        || existing.state().redriveOf() == null) {
      return idConflict(ask);
    }
    return existing.state().status() == RunStatus.PROMOTED
        ? Outcomes.refused(
            ask.message(),
            409,
            Outcomes.REDRIVE_PROMOTED,
            "expected work that is still to be done but " + existing.state().runId() + " did it")
        : Outcomes.refused(
            ask.message(),
            409,
            Outcomes.REDRIVE_UNDER_WAY,
            "expected no redrive under way but " + existing.state().runId() + " is");
  }

  private static boolean sameSubmission(Ask ask, RunHead existing) {
    InboxMessage.IdempotencyKey key = ask.message().idempotency();
    if (key != null && key.hmacKeyId().equals(existing.hmacKeyId())) {
      return key.bodyHmac().equals(existing.submissionHmac());
    }
    // Bodies under different HMAC keys cannot be compared; the documents in them can.
    return ((Input.SubmitRun) ask.input())
        .documentSha256()
        .equals(existing.state().documentSha256());
  }

  private Outcome aboutRun(Ask ask) {
    RunHead head = ledger.named(ask.runName());
    if (head == null) {
      return Outcomes.refused(
          ask.message(), 404, Outcomes.RUN_NOT_FOUND, "expected a run of this namespace");
    }
    return step(ask, head);
  }

  private Outcome aboutAttempt(Ask ask) {
    RunHead head = ledger.ofAttempt(ask.message().attemptId());
    if (head == null || !head.state().namespace().equals(ask.message().namespace())) {
      return Outcomes.refused(
          ask.message(), 404, Outcomes.ATTEMPT_NOT_FOUND, "expected an attempt of this namespace");
    }
    if (ask.runName() != null && !head.state().runId().equals(ask.message().runId())) {
      return Outcomes.refused(
          ask.message(),
          404,
          Outcomes.ATTEMPT_NOT_FOUND,
          "expected an attempt of the run it names");
    }
    Outcome outcome = step(ask, head);
    if (Outcomes.ATTEMPT_FENCED.equals(outcome.reasonCode())) {
      lateReports.add(late(ask, head.state(), outcome.reasonCode()));
    }
    return outcome;
  }

  private Outcome step(Ask ask, RunHead head) {
    RunState before = head.state();
    Step step = ledger.apply(head, before.lane(), ask.input(), context(ask, before));
    return Outcomes.of(ask, before, step);
  }

  private Context context(Ask ask, RunState run) {
    InboxMessage message = ask.message();
    return new Context(
            Math.max(nowMs, run.changedAtMs()),
            message.actor(),
            Traces.of(message.traceparent(), message.operationId()),
            null)
        .of(message.operationId());
  }

  private Changes.LateReport late(Ask ask, RunState run, ReasonCode code) {
    InboxMessage message = ask.message();
    return new Changes.LateReport(
        message.operationId(),
        run.runUid(),
        run.namespace(),
        message.attemptId(),
        code.value(),
        message.actor(),
        new String(Json.write(message.body()), StandardCharsets.UTF_8),
        nowMs);
  }

  List<Answer> answers() {
    return answers;
  }

  /** Every answer that somebody may wait for, stored or not. */
  List<Answer> answersToSend() {
    List<Answer> all = new ArrayList<>(answers);
    all.addAll(unrecorded);
    return all;
  }

  List<Changes.LateReport> lateReports() {
    return lateReports;
  }

  /** The first answers to keys, once every answer is complete. */
  List<Changes.AnswerRow> answerRows() {
    return answered.entrySet().stream()
        .map(entry -> row(entry.getKey(), entry.getValue()))
        .toList();
  }

  private Changes.AnswerRow row(Store.AnswerKey key, Keyed keyed) {
    return new Changes.AnswerRow(
        key, keyed.key().bodyHmac(), keyed.key().hmacKeyId(), keyed.answer().outcome(), nowMs);
  }

  List<Changes.OperationRow> operationRows() {
    return answers.stream().map(answer -> answer.operationRow(nowMs)).toList();
  }
}
