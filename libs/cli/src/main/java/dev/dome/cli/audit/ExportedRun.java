package dev.dome.cli.audit;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.invariant.ObservedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An export as a verification reads it. */
public sealed interface ExportedRun {

  /**
   * A bag whose files, ledger and records hold together.
   *
   * @param complete whether the run had ended
   */
  record Whole(ObservedRun run, boolean complete) implements ExportedRun {}

  /** A bag that does not hold, and the first reason. */
  record Broken(String finding) implements ExportedRun {}

  /** Whether a directory declares itself a bag. */
  static boolean isBag(Path directory) {
    return Files.isRegularFile(directory.resolve(BagFiles.DECLARATION));
  }

  /** Whether a bag is of a range of time, and so of no single run. */
  static boolean isOfARange(Path bag) {
    return BagFiles.isOfARange(bag);
  }

  /**
   * Checks a bag as {@code dome audit verify} does, and reads its ledger.
   *
   * @throws IOException when a file cannot be read
   */
  static ExportedRun of(Path bag) throws IOException {
    try {
      RunBagCheck.Report report = RunBagCheck.of(bag, Pins.NONE, Progress.SILENT);
      List<PublishedRow> rows = rows(bag.resolve(BagFiles.LEDGER));
      PublishedRow first = rows.getFirst();
      return new Whole(
          new ObservedRun(first.namespace(), first.envelope().runId(), rows, Optional.empty()),
          report.complete());
    } catch (Failure failure) {
      return new Broken(failure.getMessage());
    }
  }

  private static List<PublishedRow> rows(Path ledger) throws IOException {
    try (Stream<String> lines = Files.lines(ledger)) {
      return lines
          .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), PublishedRow.class))
          .toList();
    }
  }
}
