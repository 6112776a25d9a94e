package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What is kept of an input that could not be handled. */
final class Poison {
  private static final int MAX_CAUSE = 1_000;
  private static final Redactor REDACTOR = PatternRedactor.standard();
  private static final char NUL = 0;
  private static final char REPLACEMENT = '\uFFFD';

  private Poison() {}

  static Changes.PoisonRow row(Command.Delivery delivery, Throwable cause, long nowMs) {
    return new Changes.PoisonRow(
        delivery.lane(),
        delivery.incarnation(),
        delivery.sequence(),
        Outcomes.POISON.value(),
        describe(cause),
        storable(redacted(delivery.body())),
        nowMs);
  }

  private static String describe(Throwable cause) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = cause; t != null && text.length() < MAX_CAUSE; t = t.getCause()) {
      text.append(text.isEmpty() ? "" : " <- ").append(t.getClass().getName());
      if (t.getMessage() != null) {
        text.append(": ").append(t.getMessage());
      }
    }
    String cut = text.substring(0, Math.min(text.length(), MAX_CAUSE));
    return storable(REDACTOR.redactText(cut).text());
  }

  /**
   * What ingest sent it has redacted; bytes of another origin were never looked at. Whatever
   * happens here, the lane goes on.
   */
  private static String redacted(byte[] bytes) {
    try {
      String text = new String(bytes, StandardCharsets.UTF_8);
      return tree(bytes).map(Poison::redacted).orElseGet(() -> REDACTOR.redactText(text).text());
    } catch (RuntimeException e) {
      return "[REDACTED:unreadable]";
    }
  }

  private static String redacted(JsonNode tree) {
    Redactor.Redaction redaction = REDACTOR.redact(tree);
    String text = new String(Json.write(redaction.tree()), StandardCharsets.UTF_8);
    return redaction.mustRefuse() ? REDACTOR.redactText(text).text() : text;
  }

  private static Optional<JsonNode> tree(byte[] bytes) {
    try {
      return Optional.ofNullable(Json.read(bytes, JsonNode.class));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** PostgreSQL text holds every character but NUL. */
  private static String storable(String text) {
    return text.replace(NUL, REPLACEMENT);
  }
}
