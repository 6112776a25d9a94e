package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.audit.OcsfActivity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunBagTest {
  private static final Map<String, String> INFO =
      new TreeMap<>(
          Map.of(
              "Bagging-Date",
              "2026-11-18",
              "External-Identifier",
              GoldenRun.NAMESPACE + "/" + GoldenRun.RUN_ID));

  @TempDir Path directory;

  static Stream<String> files() {
    return Stream.of(
        "bagit.txt",
        "bag-info.txt",
        "README.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "data/records.jsonl",
        "data/ledger.jsonl",
        "data/late-reports.jsonl",
        "data/manifest.json");
  }

  private Path bag() throws IOException {
    return bag(GoldenRun.ledger(), GoldenRun.records());
  }

  /** A bag whose digests hold, whatever it says. */
  private Path bag(List<ObjectNode> ledger, List<ObjectNode> records) throws IOException {
    return bag(ledger, records, GoldenRun.manifest());
  }

  private Path bag(List<ObjectNode> ledger, List<ObjectNode> records, ObjectNode manifest)
      throws IOException {
    return bag(ledger, records, manifest, List.of(GoldenRun.lateReport()));
  }

  private Path bag(
      List<ObjectNode> ledger, List<ObjectNode> records, ObjectNode manifest, List<ObjectNode> late)
      throws IOException {
    Path target = directory.resolve("bag");
    try (BagWriter writer = BagWriter.to(target, "golden")) {
      write(writer, BagFiles.LEDGER, GoldenRun.lines(ledger));
      write(writer, BagFiles.RECORDS, GoldenRun.lines(records));
      write(writer, BagFiles.LATE_REPORTS, GoldenRun.lines(late));
      write(writer, BagFiles.RUN_MANIFEST, CanonicalJson.bytes(manifest));
      writer.seal(INFO, "how to check it\n");
      writer.publish();
    }
    return target;
  }

  private static void write(BagWriter writer, String name, byte[] content) throws IOException {
    try (OutputStream file = writer.behind(name, 0)) {
      file.write(content);
    }
  }

  private static void assertFails(Path bag, String finding) {
    assertThatThrownBy(() -> RunBagCheck.of(bag, Pins.NONE, Progress.SILENT))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(finding);
  }

  @Test
  void a_whole_bag_holds_and_so_says_coreutils() throws Exception {
    Path bag = bag();

    RunBagCheck.Report report = RunBagCheck.of(bag, Pins.NONE, Progress.SILENT);

    assertThat(report.status()).isEqualTo("PROMOTED");
    assertThat(report.complete()).isTrue();
    assertThat(report.ledgerRows()).isEqualTo(GoldenRun.ledger().size());
    assertThat(report.accessRecords()).isEqualTo(1);
    assertThat(report.lateReports()).isEqualTo(1);
    assertThat(BagFiles.below(bag)).containsExactlyInAnyOrderElementsOf(files().toList());
    assertThat(sha256sum(bag, "manifest-sha256.txt")).isZero();
    assertThat(sha256sum(bag, "tagmanifest-sha256.txt")).isZero();
  }

  private static int sha256sum(Path bag, String manifest) throws Exception {
    Process process =
        new ProcessBuilder("sha256sum", "--strict", "-c", manifest)
            .directory(bag.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @ParameterizedTest
  @MethodSource("files")
  void one_bit_of_any_file_is_found(String name) throws IOException {
    Path bag = bag();
    Path file = bag.resolve(name);
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);

    assertThatThrownBy(() -> RunBagCheck.of(bag, Pins.NONE, Progress.SILENT))
        .isInstanceOf(Failure.class);
  }

  @ParameterizedTest
  @MethodSource("files")
  void a_missing_file_is_named(String name) throws IOException {
    Path bag = bag();
    Files.delete(bag.resolve(name));

    assertFails(bag, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/more.jsonl", "notes.txt", "extra/file.txt"})
  void a_file_that_is_not_listed_is_named(String name) throws IOException {
    Path bag = bag();
    Files.createDirectories(bag.resolve(name).getParent());
    Files.writeString(bag.resolve(name), "x");

    assertFails(bag, name);
  }

  @Test
  void a_link_is_no_file_of_a_bag() throws IOException {
    Path bag = bag();
    Path elsewhere = Files.move(bag.resolve(BagFiles.RECORDS), directory.resolve("elsewhere"));
    Files.createSymbolicLink(bag.resolve(BagFiles.RECORDS), elsewhere);

    assertFails(bag, "data/records.jsonl is no regular file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "/etc/passwd", "data/../../outside"})
  void a_path_that_leads_out_of_the_bag_is_refused(String path) throws IOException {
    Path bag = bag();
    String line = "0".repeat(64) + "  " + path + "\n";
    Files.writeString(bag.resolve(BagFiles.TAG_MANIFEST), line);

    assertFails(bag, "names a path outside the bag: PATH.");
  }

  @Test
  void a_payload_that_is_no_part_of_an_export_is_refused_even_when_it_is_listed()
      throws IOException {
    Path target = directory.resolve("bag");
    try (BagWriter writer = BagWriter.to(target, "golden")) {
      write(writer, BagFiles.LEDGER, GoldenRun.lines(GoldenRun.ledger()));
      write(writer, BagFiles.RECORDS, GoldenRun.lines(GoldenRun.records()));
      write(writer, "data/more.jsonl", new byte[] {'x'});
      writer.seal(INFO, "");
      writer.publish();
    }

    assertFails(target, "data/more.jsonl is no part of a run's export");
  }

  private void assertForgedLedgerFails(Consumer<List<ObjectNode>> forgery, String finding)
      throws IOException {
    List<ObjectNode> ledger = GoldenRun.ledger();
    forgery.accept(ledger);
    assertFails(bag(ledger, GoldenRun.records()), finding);
  }

  @Test
  void a_ledger_whose_row_was_changed_fails_though_the_digests_were_made_anew() throws IOException {
    assertForgedLedgerFails(
        ledger ->
            ((ObjectNode) ledger.get(4).path("envelope")).put("ts", "2026-11-18T11:06:41.000Z"),
        "data/ledger.jsonl row 5");
  }

  @Test
  void a_ledger_with_a_row_left_out_fails() throws IOException {
    assertForgedLedgerFails(ledger -> ledger.remove(9), "data/ledger.jsonl row 10");
  }

  private void assertForgedRecordsFail(Consumer<List<ObjectNode>> forgery, String finding)
      throws IOException {
    List<ObjectNode> records = GoldenRun.records();
    forgery.accept(records);
    assertFails(bag(GoldenRun.ledger(), records), finding);
    remove(directory.resolve("bag"));
  }

  private static void remove(Path bag) throws IOException {
    for (String name : BagFiles.below(bag)) {
      Files.delete(bag.resolve(name));
    }
    Files.delete(bag.resolve(BagFiles.PAYLOAD));
    Files.delete(bag);
  }

  @Test
  void a_record_whose_content_was_changed_fails() throws IOException {
    assertForgedRecordsFail(
        records ->
            ((ObjectNode) records.get(3).at("/journal/envelope")).put("topic", "task.claimed.not"),
        "record 13: /journal/envelope/topic is \"task.claimed.not\" but should be");
  }

  @Test
  void a_record_that_was_left_out_is_missed() throws IOException {
    assertForgedRecordsFail(
        records -> records.remove(3), "record 15: sequence expected 4 but was 5");
  }

  @Test
  void the_last_record_is_missed_as_well() throws IOException {
    int rows = GoldenRun.ledger().size();
    assertForgedRecordsFail(
        records -> records.remove(rows - 1),
        "holds %d of the ledger's %d rows".formatted(rows - 1, rows));
  }

  @Test
  void records_in_another_order_fail() throws IOException {
    assertForgedRecordsFail(records -> records.getLast().put("log_index", 1), "out of order");
  }

  @Test
  void a_record_of_another_run_fails() throws IOException {
    assertForgedRecordsFail(
        records -> records.getLast().put("run_id", "other"), "/run_id is \"other\" but should be");
    assertForgedRecordsFail(
        records -> records.getLast().withObject("/access/decision").put("run_id", "other"),
        "of another run");
  }

  @ParameterizedTest
  @CsvSource({
    "effect, DENY, a refusal has a reason code",
    "operation, READ, no ALLOW of that operation is recorded",
    "operation, DANCE, no ALLOW of that operation is recorded",
    "trace_id, abc, trace_id is none",
    "source, 127.0.0.1, one decision about one subject",
    "extra, 1, no access decision"
  })
  void an_access_record_that_cannot_be_fails(String field, String value, String finding)
      throws IOException {
    assertForgedRecordsFail(
        records -> records.getLast().withObject("/access/decision").put(field, value), finding);
  }

  @Test
  void an_access_record_that_stands_twice_fails() throws IOException {
    assertForgedRecordsFail(
        records -> records.add(records.getLast().deepCopy().put("log_index", 10_000)),
        "record 10000: out of the order of its stream");
  }

  @Test
  void a_name_that_stands_twice_in_a_record_is_found() throws IOException {
    Path target = directory.resolve("bag");
    String records = new String(GoldenRun.lines(GoldenRun.records()), StandardCharsets.UTF_8);
    try (BagWriter writer = BagWriter.to(target, "golden")) {
      write(writer, BagFiles.LEDGER, GoldenRun.lines(GoldenRun.ledger()));
      write(
          writer,
          BagFiles.RECORDS,
          records
              .replaceFirst("\"actor\":", "\"actor\":\"eve\",\"actor\":")
              .getBytes(StandardCharsets.UTF_8));
      writer.seal(INFO, "");
      writer.publish();
    }

    assertFails(target, "data/records.jsonl line 1: no JSON object");
  }

  @Test
  void a_manifest_that_names_something_else_fails() throws IOException {
    ObjectNode manifest = GoldenRun.manifest();
    manifest.withObject("/runtime/tool_versions").put("worker", "v9");

    assertFails(
        bag(GoldenRun.ledger(), GoldenRun.records(), manifest),
        "data/manifest.json: /runtime/tool_versions/worker is \"v9\" but should be \"v1\"");
  }

  @Test
  void a_manifest_of_a_run_that_has_not_ended_fails() throws IOException {
    List<ObjectNode> begun = GoldenRun.ledger().subList(0, GoldenRun.FIRST_STEP);

    assertFails(
        bag(begun, GoldenRun.records().subList(0, GoldenRun.FIRST_STEP)),
        "data/manifest.json is of a run that has not ended");
  }

  @Test
  void a_bag_that_is_not_published_leaves_nothing() throws IOException {
    try (BagWriter writer = BagWriter.to(directory.resolve("bag"), "golden")) {
      write(writer, BagFiles.LEDGER, new byte[] {1});
    }

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void theOtherShapeOfARecordIsHeldToTheRecord() throws IOException {
    List<ObjectNode> shapes = GoldenRun.records().stream().map(OcsfActivity::of).toList();
    assertThat(withShapes(shapes).accessRecords()).isEqualTo(1);

    shapes.get(3).put("time", 1);
    assertThatThrownBy(() -> withShapes(shapes))
        .hasMessageContaining("data/ocsf.jsonl line 4: /time is 1 but should be");
    assertThatThrownBy(() -> withShapes(shapes.subList(0, 2)))
        .hasMessageContaining("has fewer lines");
    List<ObjectNode> more =
        new ArrayList<>(GoldenRun.records().stream().map(OcsfActivity::of).toList());
    more.add(more.getLast());
    assertThatThrownBy(() -> withShapes(more)).hasMessageContaining("has more lines");
  }

  private RunBagCheck.Report withShapes(List<ObjectNode> shapes) throws IOException {
    try (BagWriter writer = BagWriter.to(directory.resolve("shapes"), "golden")) {
      write(writer, BagFiles.LEDGER, GoldenRun.lines(GoldenRun.ledger()));
      write(writer, BagFiles.RECORDS, GoldenRun.lines(GoldenRun.records()));
      write(writer, BagFiles.OCSF, GoldenRun.lines(shapes));
      writer.seal(INFO, "how to check it\n");
      return RunBagCheck.of(writer.draft(), Pins.NONE, Progress.SILENT);
    }
  }

  private void assertLateReportsFail(String finding, ObjectNode... late) throws IOException {
    assertFails(
        bag(GoldenRun.ledger(), GoldenRun.records(), GoldenRun.manifest(), List.of(late)), finding);
  }

  @Test
  void a_late_report_of_another_run_fails() throws IOException {
    assertLateReportsFail("of another run", GoldenRun.lateReport().put("run_uid", "0".repeat(32)));
  }

  @Test
  void a_late_report_of_an_attempt_that_was_never_claimed_fails() throws IOException {
    assertLateReportsFail(
        "line 1: of an attempt that the ledger does not know",
        GoldenRun.lateReport().put("attempt_id", "att-x"));
  }

  @Test
  void a_late_report_that_is_none_fails() throws IOException {
    assertLateReportsFail(
        "no report that came too late", GoldenRun.lateReport().put("reason_code", "RUN.NOT_FOUND"));
  }

  @Test
  void a_late_report_that_stands_twice_fails() throws IOException {
    assertLateReportsFail("line 2: there before", GoldenRun.lateReport(), GoldenRun.lateReport());
  }

  @Test
  void late_reports_in_another_order_fail() throws IOException {
    ObjectNode later = GoldenRun.lateReport().put("received_at", "2027-01-01T00:00:00.000Z");
    assertLateReportsFail("line 2: out of order", later, GoldenRun.lateReport());
  }

  @Test
  void an_export_from_before_late_reports_were_taken_along_still_holds() throws IOException {
    Path target = directory.resolve("bag");
    try (BagWriter writer = BagWriter.to(target, "golden")) {
      write(writer, BagFiles.LEDGER, GoldenRun.lines(GoldenRun.ledger()));
      write(writer, BagFiles.RECORDS, GoldenRun.lines(GoldenRun.records()));
      writer.seal(INFO, "how to check it\n");
      writer.publish();
    }

    assertThat(RunBagCheck.of(target, Pins.NONE, Progress.SILENT).lateReports()).isZero();
  }
}
