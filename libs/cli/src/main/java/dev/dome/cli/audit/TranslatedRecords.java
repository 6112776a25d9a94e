package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.audit.OcsfActivity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The records of an export once more, in the shape that collectors of security events read. */
final class TranslatedRecords {
  private TranslatedRecords() {}

  /** Makes them of the records that were taken. */
  static void write(Draft bag, Progress progress) throws IOException {
    bag.write(
        BagFiles.OCSF,
        file -> {
          try (Lines lines = Lines.of(bag.draft(), BagFiles.RECORDS, progress)) {
            Optional<ObjectNode> record = lines.next();
            while (record.isPresent()) {
              file.write(Json.write(OcsfActivity.of(record.get())));
              file.write('\n');
              record = lines.next();
            }
          }
        });
  }

  /**
   * Checks that each line of the other shape is what its record makes.
   *
   * @throws Failure at the first that is not
   */
  static void check(Path root, Progress progress) throws IOException {
    try (Lines records = Lines.of(root, BagFiles.RECORDS, Progress.SILENT);
        Lines shapes = Lines.of(root, BagFiles.OCSF, progress)) {
      Optional<ObjectNode> record = records.next();
      while (record.isPresent()) {
        String missing = BagFiles.OCSF + " has fewer lines than " + BagFiles.RECORDS;
        ObjectNode shape = shapes.next().orElseThrow(() -> new Failure(missing));
        Failure.unlessSame(shapes.at(), shape, OcsfActivity.of(record.get()));
        record = records.next();
      }
      Failure.unless(
          shapes.next().isEmpty(), BagFiles.OCSF + " has more lines than " + BagFiles.RECORDS);
    }
  }
}
