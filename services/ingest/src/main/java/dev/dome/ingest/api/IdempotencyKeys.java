package dev.dome.ingest.api;

import dev.dome.ingest.application.Writes;
import dev.dome.web.RequestValues;
import java.util.Optional;

/** The Idempotency-Key header. */
final class IdempotencyKeys {
  static final String HEADER = "Idempotency-Key";

  private IdempotencyKeys() {}

  /** The key as sent; absent without the header. */
  static Optional<Writes.Key> of(String header) {
    return RequestValues.idempotencyKey(header).map(Writes.Key::chosen);
  }
}
