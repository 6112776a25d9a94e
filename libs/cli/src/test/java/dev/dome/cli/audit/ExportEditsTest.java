package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.audit.Edits.Edit;
import dev.dome.contracts.CanonicalJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A forger with write access to the whole bag: each field of each file is changed, removed or added
 * to in turn, and every digest of the bag made anew. Whatever is not in the short list of what
 * nothing can hold yet must be found.
 */
class ExportEditsTest {
  /** Fields of which another value, within the rules, cannot be told from the true one. */
  private static final Map<String, Set<String>> OPEN =
      Map.of(
          BagFiles.LEDGER,
          Set.of(),
          BagFiles.RUN_MANIFEST,
          Set.of(),
          BagFiles.RECORDS,
          Set.of(
              "/log_index",
              "/access/service",
              "/access/incarnation",
              "/access/sequence",
              "/access/ordinal",
              "/access/decision/operation",
              "/access/decision/trace_id"),
          BagFiles.LATE_REPORTS,
          Set.of("/operation_id", "/received_at", "/actor/subject", "/actor/roles", "/report"));

  private static final Path RECORDED =
      Path.of(
          System.getProperty("dome.root"), "libs/cli/src/test/resources/exports/refused-cancel");

  @TempDir private Path directory;

  private static Map<String, List<ObjectNode>> export() throws IOException {
    return exportOf(GoldenRun.ledger());
  }

  private static Map<String, List<ObjectNode>> exportOf(List<ObjectNode> ledger)
      throws IOException {
    return Map.of(
        BagFiles.LEDGER,
        ledger,
        BagFiles.RUN_MANIFEST,
        List.of(GoldenRun.manifest(ledger)),
        BagFiles.RECORDS,
        GoldenRun.records(ledger),
        BagFiles.LATE_REPORTS,
        List.of(GoldenRun.lateReport()));
  }

  /**
   * What a running system gave out: a run of three tasks, and somebody who was not let cancel it.
   */
  private static Map<String, List<ObjectNode>> recorded() throws IOException {
    Map<String, List<ObjectNode>> files = new HashMap<>();
    for (String file : List.of(BagFiles.LEDGER, BagFiles.RUN_MANIFEST, BagFiles.RECORDS)) {
      List<ObjectNode> lines = new ArrayList<>();
      for (String line : Files.readAllLines(RECORDED.resolve(file))) {
        lines.add(Lines.object(line, file));
      }
      files.put(file, lines);
    }
    return files;
  }

  @Test
  void whatWasNotEditedHolds() throws IOException {
    assertThat(check(export(), Pins.NONE)).isEmpty();
    assertThat(check(recorded(), Pins.NONE)).isEmpty();
  }

  @Test
  void everyEditOfALedgerIsFound() throws IOException {
    assertFound(recorded(), BagFiles.LEDGER, 150);
  }

  @Test
  void everyEditOfAManifestIsFound() throws IOException {
    assertFound(recorded(), BagFiles.RUN_MANIFEST, 50);
  }

  @Test
  void everyEditOfARecordIsFoundButForWhatIsListed() throws IOException {
    assertFound(recorded(), BagFiles.RECORDS, 200);
  }

  @Test
  void everyEditOfALateReportIsFoundButForWhatIsListed() throws IOException {
    assertFound(export(), BagFiles.LATE_REPORTS, 15);
  }

  private void assertFound(Map<String, List<ObjectNode>> export, String file, int atLeast)
      throws IOException {
    List<Edit> edits = Edits.of(export.get(file));
    Set<String> missed = new TreeSet<>();
    Set<String> open = new TreeSet<>();
    for (Edit edit : edits) {
      Map<String, List<ObjectNode>> edited = new HashMap<>(export);
      edited.put(file, edit.lines());
      if (check(edited, Pins.NONE).isEmpty()) {
        Optional<String> listed =
            OPEN.get(file).stream().filter(edit.field()::startsWith).findFirst();
        listed.ifPresentOrElse(open::add, () -> missed.add(edit.toString()));
      }
    }
    assertThat(edits).as("edits tried").hasSizeGreaterThanOrEqualTo(atLeast);
    assertThat(missed).as("edits of %s that nobody noticed", file).isEmpty();
    assertThat(open)
        .as("what is listed as open")
        .containsExactlyInAnyOrderElementsOf(OPEN.get(file));
  }

  @Test
  void whatIsOpenIsHeldByADigestThatWasKept() throws IOException {
    Pins kept =
        new Pins(
            Optional.empty(),
            Optional.empty(),
            Optional.of(report(export(), Pins.NONE).bagSha256()),
            Optional.empty());
    Map<String, List<ObjectNode>> edited = new HashMap<>(export());
    List<ObjectNode> records = new ArrayList<>(edited.get(BagFiles.RECORDS));
    records.removeLast();
    edited.put(BagFiles.RECORDS, records);

    assertThat(report(export(), kept).unprotected()).isEmpty();
    assertThat(check(edited, Pins.NONE)).as("an access record less").isEmpty();
    assertThat(check(edited, kept).orElseThrow()).contains("was kept elsewhere");
  }

  @Test
  void aHistoryThatWasForgedAsAWholeIsToldByTheHeadHashOrTheManifestThatWasKept()
      throws IOException {
    RunBagCheck.Report report = report(export(), Pins.NONE);
    Map<String, List<ObjectNode>> forged = exportOf(GoldenRun.forgedLedger());

    assertThat(check(forged, Pins.NONE)).as("forged to the last row").isEmpty();
    assertThat(check(forged, head(report.headHash())).orElseThrow())
        .startsWith("the hash of the ledger's last row is ")
        .contains("but " + report.headHash() + " was kept elsewhere");
    assertThat(check(forged, manifest(report.manifestSha256())).orElseThrow())
        .startsWith("the digest of the run's manifest is ");
    assertThat(check(export(), head(report.headHash()))).isEmpty();
    assertThat(check(export(), manifest(report.manifestSha256()))).isEmpty();
  }

  @Test
  void theReportSaysWhatNothingProtects() throws IOException {
    String head = report(export(), Pins.NONE).headHash();

    assertThat(report(export(), Pins.NONE).unprotected())
        .contains("the journal as a whole, with all that follows", "access records");
    assertThat(report(export(), head(head)).unprotected())
        .isEqualTo(RunBagCheck.OPEN_WITHOUT_SIGNATURE);
  }

  private static Pins head(String hash) {
    return new Pins(Optional.of(hash), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Pins manifest(String digest) {
    return new Pins(Optional.empty(), Optional.of(digest), Optional.empty(), Optional.empty());
  }

  /** What is found, empty when the bag holds. */
  private Optional<String> check(Map<String, List<ObjectNode>> files, Pins pins)
      throws IOException {
    try {
      report(files, pins);
      return Optional.empty();
    } catch (Failure failure) {
      return Optional.of(failure.getMessage());
    }
  }

  /**
   * Nothing but the forger's edit is amiss: the digests are made anew, of the run as it is named.
   */
  private RunBagCheck.Report report(Map<String, List<ObjectNode>> files, Pins pins)
      throws IOException {
    try (BagWriter writer = BagWriter.to(directory.resolve("bag"), "golden")) {
      for (Map.Entry<String, List<ObjectNode>> file : files.entrySet()) {
        try (OutputStream out = writer.behind(file.getKey(), 0)) {
          out.write(content(file.getKey(), file.getValue()));
        }
      }
      JsonNode first = files.get(BagFiles.LEDGER).getFirst();
      String runId = first.at("/envelope/run_id").asText();
      writer.seal(
          Map.of(
              "External-Identifier",
              RunBagCheck.identifier(first.path("namespace").asText(), runId)),
          "");
      return RunBagCheck.of(writer.draft(), pins, Progress.SILENT);
    }
  }

  private static byte[] content(String name, List<ObjectNode> lines) {
    return name.equals(BagFiles.RUN_MANIFEST)
        ? CanonicalJson.bytes(lines.getFirst())
        : GoldenRun.lines(lines);
  }
}
