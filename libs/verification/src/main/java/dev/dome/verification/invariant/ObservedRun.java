package dev.dome.verification.invariant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.PublishedRow;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was read of one run.
 *
 * @param rows its journal from the first row on, at least one
 * @param shown the run as the read API shows it; empty when only the journal is at hand
 */
public record ObservedRun(
    NamespaceId namespace, RunId runId, List<PublishedRow> rows, Optional<Shown> shown) {
  public ObservedRun {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("expected the rows of a run but were none");
    }
  }

  /**
   * A run as the read API shows it.
   *
   * @param sequence the row up to which the rest holds
   * @param waitingOn reason code of what it waits on, empty when it names none
   */
  public record Shown(
      boolean isFinal,
      long sequence,
      String headHash,
      String stateHash,
      Optional<String> waitingOn) {}

  String subject() {
    return namespace + "/" + runId;
  }

  /** The EVENT rows of a topic, in order. */
  Stream<PublishedRow> events(String topic) {
    return rows.stream()
        .filter(row -> row.kind() == PublishedRow.Kind.EVENT)
        .filter(row -> row.envelope().topic().equals(topic));
  }

  /** The payload of a row. */
  static JsonNode payload(PublishedRow row) {
    return row.envelope().payload();
  }

  /** The task a row is about, empty for one about the run. */
  static Optional<String> task(PublishedRow row) {
    return Optional.ofNullable(payload(row).path("task_id").textValue());
  }
}
