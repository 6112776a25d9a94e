package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.audit.Edits.Edit;
import dev.dome.contracts.CanonicalJson;
import java.io.IOException;
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

  @TempDir private Path directory;
  private int bags;

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

  @Test
  void whatWasNotEditedHolds() throws IOException {
    assertThat(check(export(), Pins.NONE)).isEmpty();
  }

  @Test
  void everyEditOfALedgerIsFound() throws IOException {
    assertFound(BagFiles.LEDGER, 200);
  }

  @Test
  void everyEditOfAManifestIsFound() throws IOException {
    assertFound(BagFiles.RUN_MANIFEST, 70);
  }

  @Test
  void everyEditOfARecordIsFoundButForWhatIsListed() throws IOException {
    assertFound(BagFiles.RECORDS, 250);
  }

  @Test
  void everyEditOfALateReportIsFoundButForWhatIsListed() throws IOException {
    assertFound(BagFiles.LATE_REPORTS, 15);
  }

  private void assertFound(String file, int atLeast) throws IOException {
    Map<String, List<ObjectNode>> export = export();
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
    Path untouched = bag(export());
    Pins kept =
        new Pins(
            Optional.empty(),
            Optional.empty(),
            Optional.of(BagFiles.sha256(untouched.resolve(BagFiles.TAG_MANIFEST))));
    Map<String, List<ObjectNode>> edited = new HashMap<>(export());
    List<ObjectNode> records = new ArrayList<>(edited.get(BagFiles.RECORDS));
    records.removeLast();
    edited.put(BagFiles.RECORDS, records);

    assertThat(RunBagCheck.of(untouched, kept).unprotected()).isEmpty();
    assertThat(check(edited, Pins.NONE)).as("an access record less").isEmpty();
    assertThat(check(edited, kept).orElseThrow()).contains("was kept elsewhere");
  }

  @Test
  void aHistoryThatWasForgedAsAWholeIsToldByTheHeadHashOrTheManifestThatWasKept()
      throws IOException {
    RunBagCheck.Report report = RunBagCheck.of(bag(export()), Pins.NONE);
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
    Path bag = bag(export());
    String head = RunBagCheck.of(bag, Pins.NONE).headHash();

    assertThat(RunBagCheck.of(bag, Pins.NONE).unprotected())
        .contains("the journal as a whole, with all that follows", "access records");
    assertThat(RunBagCheck.of(bag, head(head)).unprotected())
        .isEqualTo(RunBagCheck.OPEN_WITHOUT_SIGNATURE);
  }

  private static Pins head(String hash) {
    return new Pins(Optional.of(hash), Optional.empty(), Optional.empty());
  }

  private static Pins manifest(String digest) {
    return new Pins(Optional.empty(), Optional.of(digest), Optional.empty());
  }

  /** What is found, empty when the bag holds. */
  private Optional<String> check(Map<String, List<ObjectNode>> files, Pins pins)
      throws IOException {
    try {
      RunBagCheck.of(bag(files), pins);
      return Optional.empty();
    } catch (Failure failure) {
      return Optional.of(failure.getMessage());
    }
  }

  private Path bag(Map<String, List<ObjectNode>> files) throws IOException {
    bags++;
    Path target = directory.resolve("bag-" + bags);
    try (BagWriter writer = BagWriter.to(target)) {
      for (Map.Entry<String, List<ObjectNode>> file : files.entrySet()) {
        try (var out = writer.file(file.getKey())) {
          out.write(content(file.getKey(), file.getValue()));
        }
      }
      writer.seal(
          Map.of(
              "External-Identifier", RunBagCheck.identifier(GoldenRun.NAMESPACE, GoldenRun.RUN_ID)),
          "");
      writer.publish();
    }
    return target;
  }

  private static byte[] content(String name, List<ObjectNode> lines) {
    return name.equals(BagFiles.RUN_MANIFEST)
        ? CanonicalJson.bytes(lines.getFirst())
        : GoldenRun.lines(lines);
  }
}
