package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;

/** The answer to one ask while its batch is still deciding; a report's tasks are added last. */
final class Answer {
  private final Ask ask;
  private final Outcome outcome;
  private final Answer original;
  private final String firstOperationId;

  private Answer(Ask ask, Outcome outcome, Answer original, String firstOperationId) {
    this.ask = ask;
    this.outcome = outcome;
    this.original = original;
    this.firstOperationId = firstOperationId;
  }

  static Answer first(Ask ask, Outcome outcome) {
    return new Answer(ask, outcome, null, null);
  }

  /** A repeat of a stored answer. */
  static Answer repeat(Ask ask, Outcome stored) {
    return new Answer(ask, stored, null, stored.operationId());
  }

  /** A repeat of an answer of the same batch. */
  static Answer repeat(Ask ask, Answer original) {
    return new Answer(ask, null, original, original.ask.message().operationId());
  }

  /** Another body under the key that an operation used first. */
  static Answer conflict(Ask ask, Outcome outcome, String firstOperationId) {
    return new Answer(ask, outcome, null, firstOperationId);
  }

  Ask ask() {
    return ask;
  }

  /** Adds a granted task to the answer of a report that asked for more work. */
  void grant(Claim.GrantedTask task) {
    ((ObjectNode) outcome.body()).withArrayProperty("tasks").add(Json.tree(task));
  }

  /** The outcome under the ask's own operation id. */
  Outcome outcome() {
    Outcome source = original == null ? outcome : original.outcome();
    return new Outcome(
        ask.message().operationId(),
        source.status(),
        source.body(),
        source.reasonCode(),
        source.detail(),
        source.errors(),
        source.position());
  }

  /** What is kept of the operation. */
  Changes.OperationRow operationRow(long nowMs) {
    InboxMessage message = ask.message();
    Outcome answered = outcome();
    boolean repeats = firstOperationId != null && !firstOperationId.equals(message.operationId());
    return new Changes.OperationRow(
        message.namespace(),
        message.actor().subject(),
        message.kind(),
        message.runId() == null && answered.position() != null
            ? answered.position().runId()
            : message.runId(),
        message.idempotency(),
        repeats ? firstOperationId : null,
        answered,
        nowMs);
  }
}
