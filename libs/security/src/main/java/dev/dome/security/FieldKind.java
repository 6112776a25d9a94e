package dev.dome.security;

import java.util.List;
import java.util.Set;

/** What redaction may do with a field's value, told by the field's name in the contracts. */
enum FieldKind {
  /** Free content: secrets are replaced. */
  CONTENT,
  /** Steers execution: a secret is reported, never replaced. */
  STEERING,
  /** An id, digest or reference: random by nature, so entropy says nothing; it steers as well. */
  IDENTIFIER;

  private static final Set<String> STEERING_NAMES =
      Set.of(
          "command",
          "test",
          "path",
          "paths",
          "queue",
          "dependencies",
          "repo",
          "component",
          "mode",
          "profile",
          "status",
          "decision",
          "reason_code",
          "concurrency_key",
          "breaker_keys",
          "rate_limits");
  private static final List<String> STEERING_ENDS = List.of("_path", "_paths");
  private static final Set<String> IDENTIFIER_NAMES =
      Set.of(
          "sha256",
          "dependencies",
          "input_hashes",
          "traceparent",
          "artifact_kind",
          "schema_version",
          "version");
  private static final List<String> IDENTIFIER_ENDS =
      List.of(
          "_id", "_ref", "_sha256", "_hex", "_digest", "_hash", "_sha", "_version", "_fingerprint");

  /** The kind of a field within a value of this kind; what is inside a steering value steers. */
  FieldKind child(String name) {
    if (this != CONTENT) {
      return this;
    }
    if (IDENTIFIER_NAMES.contains(name) || endsIn(name, IDENTIFIER_ENDS)) {
      return IDENTIFIER;
    }
    return STEERING_NAMES.contains(name) || endsIn(name, STEERING_ENDS) ? STEERING : CONTENT;
  }

  private static boolean endsIn(String name, List<String> ends) {
    return ends.stream().anyMatch(name::endsWith);
  }
}
