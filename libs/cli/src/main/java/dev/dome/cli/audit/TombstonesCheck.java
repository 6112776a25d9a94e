package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.verification.Finding;
import dev.dome.verification.Tombstone;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Holds a verified ledger to the tombstones of its run: each row that was purged is in it, to the
 * hash, and no row in its place. What was recorded after a purge is in no tombstone yet.
 */
final class TombstonesCheck {
  private TombstonesCheck() {}

  /**
   * Checks every row.
   *
   * @param match what the verification of the ledger gave
   * @throws Failure at the first row that was another one, or when a tombstone is of another run
   */
  static void of(Path root, Finding.Match match, List<Tombstone> tombstones) throws IOException {
    if (tombstones.isEmpty()) {
      return;
    }
    for (Tombstone tombstone : tombstones) {
      Failure.unless(
          tombstone.namespace().equals(match.namespace().value())
              && tombstone.runId().equals(match.runId().value()),
          Failure.NOT_AS_KEPT,
          "tombstone " + tombstone.index() + " is of another run");
      Failure.unless(
          tombstone.firstSequence() + tombstone.hashes().size() - 1 <= match.sequence(),
          Failure.NOT_AS_KEPT,
          "tombstone " + tombstone.index() + " has rows that the ledger does not");
    }
    try (Lines rows = Lines.of(root, BagFiles.LEDGER, Progress.SILENT)) {
      Optional<ObjectNode> row = rows.next();
      while (row.isPresent()) {
        check(row.get(), tombstones);
        row = rows.next();
      }
    }
  }

  private static void check(ObjectNode row, List<Tombstone> tombstones) {
    long sequence = row.at("/envelope/sequence").asLong();
    for (Tombstone tombstone : tombstones) {
      Failure.unless(
          tombstone.runUid().equals(row.path("run_uid").asText()),
          Failure.NOT_AS_KEPT,
          "tombstone " + tombstone.index() + " is of another submission of the run");
      Pins.unlessHeld(
          tombstone.hashOf(sequence),
          row.path("hash").asText(),
          "the hash of the ledger's row " + sequence);
    }
  }
}
