package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.wire.Actor;
import dev.dome.verification.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Holds late reports to the rules they follow: of attempts that the ledger knows, each once, in the
 * order they came, and by operations that left no row. What a report says is held by nothing.
 */
final class LateReportsCheck {
  private final Finding.Match match;
  private final Set<String> attempts = new HashSet<>();
  private final Set<String> operations = new HashSet<>();
  private final Set<String> named = new HashSet<>();
  private String before = "";
  private long reports;

  private LateReportsCheck(Finding.Match match) {
    this.match = match;
  }

  /**
   * Checks every late report; an export from before they were taken along has none.
   *
   * @param match what the verification of the ledger gave
   * @return how many there are
   * @throws Failure at the first thing that does not hold
   */
  static long of(Path root, Finding.Match match, Progress progress) throws IOException {
    if (!Files.exists(root.resolve(BagFiles.LATE_REPORTS))) {
      return 0;
    }
    LateReportsCheck check = new LateReportsCheck(match);
    try (Lines reports = Lines.of(root, BagFiles.LATE_REPORTS, Progress.SILENT)) {
      check.named(reports);
    }
    if (check.named.isEmpty()) {
      return 0;
    }
    try (Lines ledger = Lines.of(root, BagFiles.LEDGER, progress);
        Lines reports = Lines.of(root, BagFiles.LATE_REPORTS, Progress.SILENT)) {
      check.known(ledger);
      check.all(reports);
    }
    return check.reports;
  }

  /** A ledger of any length takes no more memory than what the reports name. */
  private void named(Lines lines) throws IOException {
    for (Optional<ObjectNode> line = lines.next(); line.isPresent(); line = lines.next()) {
      named.add(line.get().path("attempt_id").asText());
      named.add(line.get().path("operation_id").asText());
    }
  }

  private void known(Lines ledger) throws IOException {
    for (Optional<ObjectNode> row = ledger.next(); row.isPresent(); row = ledger.next()) {
      if (row.get().at("/envelope/topic").asText().equals("task.claimed")) {
        addIfNamed(row.get().at("/envelope/payload/attempt_id").asText(), attempts);
      }
      addIfNamed(row.get().at("/envelope/payload/context/operation_id").asText(), operations);
    }
  }

  private void addIfNamed(String id, Set<String> known) {
    if (named.contains(id)) {
      known.add(id);
    }
  }

  private void all(Lines lines) throws IOException {
    for (Optional<ObjectNode> line = lines.next(); line.isPresent(); line = lines.next()) {
      check(line.get(), lines.at());
      reports++;
    }
  }

  private void check(ObjectNode report, String at) {
    Failure.unless(
        report.path("run_uid").asText().equals(match.runUid().value()), at + "of another run");
    Failure.unless(
        attempts.contains(report.path("attempt_id").asText()),
        at + "of an attempt that the ledger does not know");
    Failure.unless(
        report.path("reason_code").asText().equals("ATTEMPT.FENCED")
            && report.at("/actor/subject").isTextual()
            && report.path("report").isObject(),
        at + "no report that came too late");
    Failure.unlessSame(at, report, wellFormed(report, at));
    Failure.unless(report.path("received_at").asText().compareTo(before) >= 0, at + "out of order");
    before = report.path("received_at").asText();
    Failure.unless(operations.add(report.path("operation_id").asText()), at + "there before");
  }

  /** The same report with nothing but the fields it has, each in its form. */
  private static ObjectNode wellFormed(ObjectNode report, String at) {
    try {
      ObjectNode formed = Json.mapper().createObjectNode();
      formed.put("operation_id", report.path("operation_id").asText());
      formed.put("run_uid", report.path("run_uid").asText());
      formed.put("attempt_id", report.path("attempt_id").asText());
      formed.put("reason_code", report.path("reason_code").asText());
      formed.set("actor", Json.tree(Json.read(report.path("actor"), Actor.class)));
      formed.put(
          "received_at", Timestamps.format(Timestamps.parse(report.path("received_at").asText())));
      formed.set("report", report.path("report"));
      return formed;
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new Failure(at + "no report that came too late");
    }
  }
}
