package dev.dome.web.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;

/**
 * Changes as they may be recorded. A name that an operator chose, such as that of a concurrency
 * key, may be anything, and what is recorded is kept for as long as the audit is.
 */
final class SafeChanges {
  private static final Redactor REDACTOR = PatternRedactor.standard();

  private SafeChanges() {}

  /** What was begun and allowed has left this. */
  static AccessDecision done(AccessDecision begun, long atMs, Change change) {
    return new AccessDecision(
        atMs,
        begun.effect(),
        begun.subject(),
        begun.source(),
        begun.operation(),
        begun.namespace(),
        begun.runId(),
        begun.reasonCode(),
        begun.traceId(),
        begun.count(),
        new Change(change.kind(), name(change.name()), value(change.value())));
  }

  private static String name(String text) {
    return REDACTOR.secretInId(text) ? REDACTOR.redactText(text).text() : text;
  }

  private static JsonNode value(JsonNode set) {
    return set == null ? null : REDACTOR.redact(set).tree();
  }
}
