package dev.dome.provenance.application;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a statement says; doc/predicates has each. */
public enum StatementKind {
  PROVENANCE("https://slsa.dev/provenance/v1"),
  RUN_GATE("https://dome.local/predicates/run-gate/v1"),
  VSA("https://slsa.dev/verification_summary/v1"),
  REPLAY("https://dome.local/predicates/replay/v1"),
  TOMBSTONE("https://dome.local/predicates/tombstone/v1");

  private final String predicateType;

  StatementKind(String predicateType) {
    this.predicateType = predicateType;
  }

  /** The predicateType of the in-toto statement. */
  public String predicateType() {
    return predicateType;
  }

  /** As it stands in a path. */
  public String pathName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<StatementKind> ofPath(String name) {
    return Arrays.stream(values()).filter(kind -> kind.pathName().equals(name)).findFirst();
  }
}
