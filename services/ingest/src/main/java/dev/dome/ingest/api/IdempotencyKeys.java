package dev.dome.ingest.api;

import dev.dome.ingest.application.Writes;
import java.util.Optional;
import java.util.regex.Pattern;

/** The Idempotency-Key header. */
final class IdempotencyKeys {
  static final String HEADER = "Idempotency-Key";

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private IdempotencyKeys() {}

  /** The key as sent; absent without the header. */
  static Optional<Writes.Key> of(String header) {
    if (header == null) {
      return Optional.empty();
    }
    if (!KEY.matcher(header).matches()) {
      throw Problems.of(
          "REQUEST.BAD_PARAMETER", HEADER + " expected 1 to 255 visible ASCII characters");
    }
    return Optional.of(Writes.Key.chosen(header));
  }
}
