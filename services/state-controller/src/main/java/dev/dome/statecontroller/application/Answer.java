package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Outcome;

/** The answer to one ask while its batch is still deciding; a report's tasks are added last. */
final class Answer {
  private final Ask ask;
  private final Outcome outcome;
  private final Answer original;

  private Answer(Ask ask, Outcome outcome, Answer original) {
    this.ask = ask;
    this.outcome = outcome;
    this.original = original;
  }

  static Answer first(Ask ask, Outcome outcome) {
    return new Answer(ask, outcome, null);
  }

  /** A repeat of a stored answer. */
  static Answer repeat(Ask ask, Outcome stored) {
    return new Answer(ask, stored, null);
  }

  /** A repeat of an answer of the same batch. */
  static Answer repeat(Ask ask, Answer original) {
    return new Answer(ask, null, original);
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
}
