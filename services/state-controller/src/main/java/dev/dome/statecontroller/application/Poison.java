package dev.dome.statecontroller.application;

import java.nio.charset.StandardCharsets;

/** What is kept of an input that could not be handled. */
final class Poison {
  private static final int MAX_CAUSE = 1_000;
  private static final char NUL = 0;
  private static final char REPLACEMENT = '\uFFFD';

  private Poison() {}

  static Changes.PoisonRow row(Command.Delivery delivery, Exception cause, long nowMs) {
    return new Changes.PoisonRow(
        delivery.lane(),
        delivery.incarnation(),
        delivery.sequence(),
        Outcomes.POISON.value(),
        describe(cause),
        storable(new String(delivery.bytes(), StandardCharsets.UTF_8)),
        nowMs);
  }

  private static String describe(Exception cause) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = cause; t != null && text.length() < MAX_CAUSE; t = t.getCause()) {
      text.append(text.isEmpty() ? "" : " <- ").append(t.getClass().getName());
      if (t.getMessage() != null) {
        text.append(": ").append(t.getMessage());
      }
    }
    return storable(text.substring(0, Math.min(text.length(), MAX_CAUSE)));
  }

  /** PostgreSQL text holds every character but NUL. */
  private static String storable(String text) {
    return text.replace(NUL, REPLACEMENT);
  }
}
