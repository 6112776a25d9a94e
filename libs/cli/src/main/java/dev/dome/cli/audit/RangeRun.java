package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What the records of a range must have of a run that lies in its bag: the run's own records of
 * that time. Decisions are about the run still while it is exported, so of these only those count
 * that both were taken up to; of its rows all do.
 */
final class RangeRun {
  private final BagRange.Said said;
  private final Path root;
  private final String runId;
  private final MessageDigest found = sha256();
  private long lastIndex = -1;

  /**
   * Of a run that holds.
   *
   * @param bag the root of the range's bag
   */
  RangeRun(Path bag, String runId, BagRange.Said said) throws IOException {
    this.said = said;
    this.root = bag.resolve(BagFiles.directoryOf(runId));
    this.runId = runId;
    try (Lines lines = Lines.of(root, BagFiles.RECORDS, Progress.SILENT)) {
      for (Optional<ObjectNode> line = lines.next(); line.isPresent(); line = lines.next()) {
        lastIndex = Math.max(lastIndex, line.get().path("log_index").asLong());
      }
    }
  }

  /** The next record of the range that names the run. */
  void add(ObjectNode record) {
    if (isOfTheRange(record)) {
      add(found, record);
    }
  }

  private boolean isOfTheRange(ObjectNode record) {
    return record.has("journal")
        || (record.has("access") && record.path("log_index").asLong() <= lastIndex);
  }

  private boolean isOfTheRun(ObjectNode record) {
    return said.range().has(record.path("at").asText())
        && (record.has("journal") || record.path("log_index").asLong() < said.logSize());
  }

  /**
   * Checks that the range has just the records of the run, once it has named all of them.
   *
   * @throws Failure that names the first that it has not, or has besides
   */
  void check(Path bag) throws IOException {
    MessageDigest expected = sha256();
    try (Lines lines = Lines.of(root, BagFiles.RECORDS, Progress.SILENT)) {
      for (Optional<ObjectNode> line = own(lines); line.isPresent(); line = own(lines)) {
        add(expected, line.get());
      }
    }
    if (!MessageDigest.isEqual(expected.digest(), found.digest())) {
      throw firstDifference(bag);
    }
  }

  private Optional<ObjectNode> own(Lines lines) throws IOException {
    Optional<ObjectNode> line = lines.next();
    while (line.isPresent() && !isOfTheRun(line.get())) {
      line = lines.next();
    }
    return line;
  }

  private Optional<ObjectNode> ofTheRange(Lines lines) throws IOException {
    Optional<ObjectNode> line = lines.next();
    while (line.isPresent()
        && !(line.get().path("run_id").asText().equals(runId) && isOfTheRange(line.get()))) {
      line = lines.next();
    }
    return line;
  }

  private Failure firstDifference(Path bag) throws IOException {
    try (Lines range = Lines.of(bag, BagFiles.RECORDS, Progress.SILENT);
        Lines own = Lines.of(root, BagFiles.RECORDS, Progress.SILENT)) {
      Optional<ObjectNode> recorded = ofTheRange(range);
      Optional<ObjectNode> expected = own(own);
      while (recorded.isPresent() && recorded.equals(expected)) {
        recorded = ofTheRange(range);
        expected = own(own);
      }
      return new Failure(
          "%s has %s of %s where the run has %s"
              .formatted(BagFiles.RECORDS, name(recorded), runId, name(expected)));
    }
  }

  private static String name(Optional<ObjectNode> record) {
    return record.map(found -> "record " + found.path("log_index").asText()).orElse("no record");
  }

  private static void add(MessageDigest digest, ObjectNode record) {
    digest.update(HexFormat.of().parseHex(CanonicalJson.sha256(record)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
