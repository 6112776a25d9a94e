package dev.dome.verification.invariant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.wire.PublishedRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Frozen histories of the kernel as runs, and what a defect would do to them. */
final class Journals {
  private static final Path GOLDEN =
      Path.of(System.getProperty("dome.root"), "libs/kernel/src/test/resources/golden/v1");

  private Journals() {}

  static List<PublishedRow> rows(String history) {
    try {
      return Files.readAllLines(GOLDEN.resolve(history + ".jsonl")).stream()
          .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), PublishedRow.class))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObservedRun run(List<PublishedRow> rows) {
    PublishedRow first = rows.getFirst();
    return new ObservedRun(first.namespace(), first.envelope().runId(), rows, Optional.empty());
  }

  /** Each row that somebody asked for names the operation {@code op-<sequence>}. */
  static List<PublishedRow> named(String history) {
    return changed(
        rows(history),
        row ->
            row.kind() == PublishedRow.Kind.INPUT
                && !row.envelope().topic().matches("input.(claim_task|start_task|expire_lease)"),
        (payload, sequence) ->
            payload.withObject("/context").put("operation_id", "op-" + sequence));
  }

  interface Change {
    void to(ObjectNode payload, long sequence);
  }

  /** The rows with the payload of some changed, their hashes left as they were. */
  static List<PublishedRow> changed(
      List<PublishedRow> rows, Predicate<PublishedRow> which, Change change) {
    return rows.stream()
        .map(row ->
            which.test(row)
                ? with(row, payload -> change.to(payload, row.envelope().sequence()))
                : row)
        .toList();
  }

  private static PublishedRow with(PublishedRow row, Consumer<ObjectNode> change) {
    EventEnvelope envelope = row.envelope();
    ObjectNode payload = envelope.payload().deepCopy();
    change.accept(payload);
    return new PublishedRow(
        row.runUid(),
        row.namespace(),
        row.lane(),
        row.lanePosition(),
        row.kind(),
        new EventEnvelope(
            envelope.schemaVersion(),
            envelope.sequence(),
            envelope.eventId(),
            envelope.ts(),
            envelope.topic(),
            envelope.runId(),
            payload),
        row.prevHash(),
        row.hash());
  }
}
