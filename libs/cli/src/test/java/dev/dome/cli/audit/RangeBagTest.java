package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.Patience;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.RetryPolicy;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.audit.OcsfActivity;
import dev.dome.transparency.TrustedRoot;
import gov.loc.repository.bagit.reader.BagReader;
import gov.loc.repository.bagit.verify.BagVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An export of a range with two runs, one that was purged, decisions and acts. */
class RangeBagTest {
  private static final Map<String, String> INFO =
      Map.of("External-Identifier", GoldenRange.RANGE.identifier());
  private static final String TOMBSTONE = BagFiles.tombstone(GoldenRange.TOMBSTONE);
  private static final String STATEMENT = BagFiles.tombstoneBundle(GoldenRange.TOMBSTONE);
  private static final String ENDED = BagFiles.directoryOf(GoldenRun.RUN_ID) + "/";

  @TempDir private Path directory;
  private RangeServer server;
  private Duration patience = Duration.ofSeconds(5);
  private boolean withStatements = true;

  @BeforeEach
  void start() throws Exception {
    server = new RangeServer(directory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** One try of everything; what was taken is kept when it fails. */
  private Path export(String name) throws IOException {
    Path target = directory.resolve(name);
    try (DomeClient client =
            DomeClient.of(
                URI.create(server.address()),
                GoldenRun.NAMESPACE,
                () -> "token",
                RetryPolicy.DEFAULT.within(Duration.ZERO));
        BagWriter bag = BagWriter.to(target, "golden")) {
      try {
        new RangeBagContent(
                client,
                GoldenRange.RANGE,
                bag,
                () -> Patience.upTo(patience, line -> {}),
                Progress.SILENT)
            .take(withStatements);
      } catch (DomeException | CliException e) {
        bag.keep();
        throw e;
      }
      bag.seal(INFO, "");
      bag.publish();
    }
    return target;
  }

  private static RangeBagCheck.Report check(Path bag, Pins pins) throws IOException {
    return RangeBagCheck.of(bag, pins, Progress.SILENT);
  }

  @Test
  void aRangeHasItsRecordsTheirRunsAsAWholeAndWhatIsLeftOfThePurged() throws Exception {
    Path bag = export("bag");

    RangeBagCheck.Report report = check(bag, Pins.NONE);

    assertThat(report.journalRecords()).isPositive().isLessThan(GoldenRun.ledger().size());
    assertThat(report.accessRecords()).isEqualTo(6);
    assertThat(report.acts()).isEqualTo(2);
    assertThat(report.runs()).isEqualTo(2);
    assertThat(report.unfinishedRuns()).isEqualTo(1);
    assertThat(report.statements()).isEqualTo(4);
    assertThat(report.tombstones()).isEqualTo(1);
    assertThat(report.tombstoneStatements()).isEqualTo(1);
    assertThat(report.absentRuns()).isEqualTo(1);
    assertThat(Files.readAllLines(bag.resolve(ENDED + BagFiles.LEDGER)))
        .hasSize(GoldenRun.ledger().size());
    try (BagVerifier verifier = new BagVerifier()) {
      assertThatCode(() -> verifier.isValid(new BagReader().read(bag), false))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void keysAndDigestsFromElsewhereHoldIt() throws IOException {
    Path bag = export("bag");

    assertThat(check(bag, pins(Optional.empty(), Optional.of(keysOf(bag)))).unprotected())
        .contains("the journals of runs that have not ended")
        .contains("leaving out tombstones of which the acts say nothing")
        .doesNotContain("tombstones of which the acts say nothing")
        .doesNotContain("the journal as a whole, with all that follows");
    String digest = check(bag, Pins.NONE).bagSha256();
    assertThat(check(bag, pins(Optional.of(digest), Optional.empty())).unprotected()).isEmpty();
    assertThatThrownBy(() -> check(bag, pins(Optional.of("0".repeat(64)), Optional.empty())))
        .hasMessageContaining("was kept elsewhere");
  }

  private static TrustedRoot keysOf(Path bag) throws IOException {
    return TrustedRoot.read(
        Json.read(Files.readAllBytes(bag.resolve(ENDED + BagFiles.TRUSTED_ROOT)), ObjectNode.class),
        Json.read(Files.readAllBytes(bag.resolve(ENDED + BagFiles.KEYS)), ObjectNode.class));
  }

  @Test
  void whatWasPurgedAMomentAgoIsWaitedForUntilItIsSigned() throws IOException {
    server.purgeNotSignedYet.set(1);

    assertThat(check(export("bag"), Pins.NONE).tombstoneStatements()).isEqualTo(1);

    server.purgeNotSignedYet.set(1);
    patience = Duration.ZERO;
    assertThatThrownBy(() -> export("late"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("the statement of tombstone 3 is not signed within 0 s");
    assertThat(check(export("late"), Pins.NONE).tombstoneStatements()).isEqualTo(1);
  }

  @Test
  void aBagThatWasTakenWithoutStatementsHoldsUntilSomebodyHasKeys() throws IOException {
    TrustedRoot keys = keysOf(export("bag"));
    withStatements = false;
    Path bag = export("without");

    assertThat(bag.resolve(TOMBSTONE)).exists();
    assertThat(bag.resolve(STATEMENT)).doesNotExist();
    assertThat(check(bag, Pins.NONE).tombstoneStatements()).isZero();
    assertThat(codeOf(bag, pins(Optional.empty(), Optional.of(keys)))).isEqualTo("BUNDLE.MISSING");
  }

  @Test
  void whoLeavesAllStatementsOutIsSeenByKeysFromElsewhere() throws IOException {
    Path bag = export("bag");

    Path forged =
        forged(
            bag,
            files -> {
              for (String name : List.of(STATEMENT, BagFiles.TRUSTED_ROOT, BagFiles.KEYS)) {
                Files.delete(files.resolve(name));
              }
            });

    assertThat(check(forged, Pins.NONE).tombstoneStatements()).isZero();
    Failure failure =
        catchThrowableOfType(
            Failure.class, () -> check(forged, pins(Optional.empty(), Optional.of(keysOf(bag)))));
    assertThat(failure.code()).isEqualTo("BUNDLE.MISSING");
    assertThat(failure.getMessage()).isEqualTo(STATEMENT + " is missing");
  }

  @Test
  void aTombstoneThatAForgerSignedIsToldApartByKeysFromElsewhere() throws Exception {
    Path bag = export("bag");
    GoldenStatements others =
        GoldenStatements.in(
            directory.resolve("forger"),
            GoldenRun.manifest(),
            server.golden.tombstone.path("digest").asText());

    Path forged =
        forged(
            bag,
            files -> {
              Files.write(
                  files.resolve(STATEMENT), others.bundles().get(GoldenStatements.TOMBSTONE));
              Files.write(
                  files.resolve(BagFiles.TRUSTED_ROOT),
                  Json.write(others.trusted().trustedRootJson()));
              Files.write(files.resolve(BagFiles.KEYS), Json.write(others.trusted().keysJson()));
            });

    assertThat(check(forged, Pins.NONE).tombstoneStatements()).isEqualTo(1);
    assertThat(codeOf(forged, pins(Optional.empty(), Optional.of(keysOf(bag)))))
        .isEqualTo("PROVENANCE.UNKNOWN_KEY");
  }

  private static String codeOf(Path bag, Pins pins) {
    return catchThrowableOfType(Failure.class, () -> check(bag, pins)).code();
  }

  private static Pins pins(Optional<String> bagSha256, Optional<TrustedRoot> keys) {
    return new Pins(Optional.empty(), Optional.empty(), bagSha256, keys);
  }

  @Test
  void whereverItBreaksOffTheFinishedBagIsTheSameToTheByte() throws IOException {
    SortedMap<String, String> expected = content(export("undisturbed"));
    int answers = server.asked.size();

    for (int broken = 1; broken <= answers; broken++) {
      String name = "broken-at-" + broken;
      server.asked.clear();
      server.breaksOff.set(broken);
      assertThatThrownBy(() -> export(name)).isInstanceOf(DomeException.class);
      assertThat(directory.resolve(name)).doesNotExist();
      server.breaksOff.set(0);
      server.asked.clear();
      Path bag = export(name);
      assertThat(content(bag))
          .as("broken off at answer %d", broken)
          .containsExactlyEntriesOf(expected);
      assertThat(directory.resolve("." + name + ".part")).doesNotExist();
    }
    assertThat(answers).isGreaterThan(15);
  }

  private static SortedMap<String, String> content(Path bag) throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    for (String name : BagFiles.below(bag)) {
      content.put(name, Files.readString(bag.resolve(name)));
    }
    return content;
  }

  @Test
  void anAuditThatIsBehindTheRunsIsAskedForTheRest() throws IOException {
    server.behind.set(server.golden.records.size() - 10);

    assertThat(check(export("bag"), Pins.NONE).logSize()).isEqualTo(server.golden.logSize());

    assertThat(server.asked.stream().filter(asked -> asked.contains("/exports?"))).hasSize(2);
  }

  @Test
  void aServerThatNamesARunByAPathIsRefused() {
    server.golden.records.getFirst().put("at", "2026-11-18T11:06:40.100Z").put("run_id", "../x");

    assertThatThrownBy(() -> export("bag"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("run_id is none");
    assertThat(directory.resolve("x")).doesNotExist();
  }

  /** Does something to a bag. */
  interface Act {
    void on(Path bag) throws IOException;
  }

  private static Arguments act(String code, String finding, Act act) {
    return Arguments.of(code, finding, act);
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        act(
            "BUNDLE.MISSING",
            "data/runs/golden-approve is missing",
            bag -> BagFiles.remove(bag.resolve(ENDED))),
        act(
            "BUNDLE.MISSING",
            "data/runs/queue-run is missing",
            bag -> BagFiles.remove(bag.resolve(BagFiles.directoryOf(GoldenRange.UNFINISHED)))),
        act(
            "BUNDLE.MISSING",
            "other tombstones than the export has",
            bag -> {
              Files.delete(bag.resolve(TOMBSTONE));
              Files.delete(bag.resolve(STATEMENT));
            }),
        act(
            "BUNDLE.ADDED",
            "is of a tombstone that is not there",
            bag -> Files.delete(bag.resolve(TOMBSTONE))),
        act(
            "BUNDLE.MISSING",
            STATEMENT + " is missing",
            bag -> Files.delete(bag.resolve(STATEMENT))),
        act(
            "BUNDLE.MISSING",
            "data/keys.json is missing",
            bag -> Files.delete(bag.resolve(BagFiles.KEYS))),
        act(
            "PROVENANCE.SIGNATURE_INVALID",
            STATEMENT,
            bundle(signed -> signed.withObject("/dsseEnvelope").put("payload", "e30="))),
        act(
            "PROVENANCE.NOT_INCLUDED",
            STATEMENT,
            bundle(signed ->
                ((ObjectNode) signed.at("/verificationMaterial/tlogEntries/0/inclusionProof"))
                    .putArray("hashes"))),
        act("PROVENANCE.BUNDLE_MALFORMED", STATEMENT, bundle(ObjectNode::removeAll)),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "the statement is about something else",
            bag ->
                Files.copy(
                    bag.resolve(ENDED + BagFiles.bundle("vsa")),
                    bag.resolve(STATEMENT),
                    StandardCopyOption.REPLACE_EXISTING)),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "the statement is about something else",
            RangeBagTest::anotherAuthority),
        act(
            "BUNDLE.MISSING",
            "data/runs/ghost-run is missing",
            bag -> Files.writeString(bag.resolve(BagFiles.ABSENT_RUNS), "")),
        act(
            "BUNDLE.MISSING",
            "late-reports.jsonl is missing",
            bag -> Files.delete(bag.resolve(ENDED + BagFiles.LATE_REPORTS))),
        act(
            "BUNDLE.ADDED",
            "which is there or which no record names",
            bag ->
                Files.writeString(
                    bag.resolve(BagFiles.ABSENT_RUNS),
                    "{\"run_id\":\"ghost-run\"}\n{\"run_id\":\"other\"}\n")),
        act(
            "BUNDLE.ADDED",
            "data/runs/golden-approve/data/more is no part",
            bag -> Files.writeString(bag.resolve(ENDED + "data/more"), "")),
        act("BUNDLE.ADDED", "data/runs/queue-run is of a run", RangeBagTest::leaveDecisionOut),
        act("BUNDLE.CONTENT_DIFFERS", "where the run has record", edited(all -> all.remove(4))),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "where the run has",
            edited(all -> {
              ObjectNode again = all.get(1).deepCopy();
              all.add(again.put("log_index", all.getLast().path("log_index").asLong() + 1));
            })),
        act("BUNDLE.CONTENT_DIFFERS", "out of order", edited(all -> all.add(all.getLast()))),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "out of the range",
            edited(all -> all.getLast().put("at", "2026-11-18T11:06:40.400Z"))),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "of another namespace",
            edited(all -> all.getLast().put("namespace", "team-b"))),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "where the run has",
            edited(
                all -> all.getFirst().withObject("/journal/envelope").put("topic", "task.failed"))),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "does not follow the one before it",
            edited(all ->
                all.stream()
                    .filter(record -> record.path("topic").asText().equals("audit.purged"))
                    .forEach(record -> record.withObject("/admin/document").put("sequence", 9)))),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "golden-approve: data/ledger.jsonl row",
            RangeBagTest::ledger),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "not as an export says it",
            bag ->
                Files.writeString(
                    bag.resolve(BagFiles.RANGE),
                    Files.readString(bag.resolve(BagFiles.RANGE)).replace(":40.400Z", ":40.4Z"))),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "names another range",
            bag ->
                Files.writeString(
                    bag.resolve(BagFiles.RANGE),
                    Files.readString(bag.resolve(BagFiles.RANGE)).replace(".400Z", ".500Z"))),
        act(
            "BUNDLE.CONTENT_DIFFERS",
            "its digest is not of its document",
            bag ->
                Files.writeString(
                    bag.resolve(TOMBSTONE),
                    Files.readString(bag.resolve(TOMBSTONE)).replace("2026-10", "2026-09"))));
  }

  private static Act bundle(Consumer<ObjectNode> edit) {
    return bag -> {
      ObjectNode bundle = Json.read(Files.readAllBytes(bag.resolve(STATEMENT)), ObjectNode.class);
      edit.accept(bundle);
      Files.write(bag.resolve(STATEMENT), Json.write(bundle));
    };
  }

  /** Nothing but who ordered it, with a digest that fits. */
  private static void anotherAuthority(Path bag) throws IOException {
    ObjectNode tombstone = Json.read(Files.readAllBytes(bag.resolve(TOMBSTONE)), ObjectNode.class);
    tombstone.withObject("/document").put("authority", "somebody else");
    tombstone.put("digest", CanonicalJson.sha256(tombstone.path("document")));
    Files.write(bag.resolve(TOMBSTONE), Json.write(tombstone));
  }

  private static void leaveDecisionOut(Path bag) throws IOException {
    edited(all ->
            all.removeIf(record -> record.path("run_id").asText().equals(GoldenRange.UNFINISHED)))
        .on(bag);
    // Its own decision in the range would be missed first.
    Path own = bag.resolve(BagFiles.directoryOf(GoldenRange.UNFINISHED)).resolve(BagFiles.RECORDS);
    List<ObjectNode> rows = lines(own);
    rows.removeIf(record -> record.has("access"));
    write(own, rows);
  }

  private static void ledger(Path bag) throws IOException {
    Path file = bag.resolve(ENDED + BagFiles.LEDGER);
    List<ObjectNode> rows = lines(file);
    rows.get(4).withObject("/envelope").put("ts", "2026-11-18T11:06:41.000Z");
    Files.write(file, GoldenRun.lines(rows));
  }

  /** Records edited, in both shapes. */
  private static Act edited(Consumer<List<ObjectNode>> edit) {
    return bag -> {
      List<ObjectNode> records = lines(bag.resolve(BagFiles.RECORDS));
      edit.accept(records);
      write(bag.resolve(BagFiles.RECORDS), records);
    };
  }

  private static List<ObjectNode> lines(Path file) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(Lines.object(line, ""));
    }
    return lines;
  }

  private static void write(Path file, List<ObjectNode> records) throws IOException {
    Files.write(file, GoldenRun.lines(records));
    Files.write(
        file.resolveSibling("ocsf.jsonl"),
        GoldenRun.lines(records.stream().map(OcsfActivity::of).toList()));
  }

  @ParameterizedTest(name = "{0} {1} {index}")
  @MethodSource("forgeries")
  void whatWasForgedIsNamedThoughEveryDigestWasMadeAnew(String code, String finding, Act act)
      throws IOException {
    Path forged = forged(export("bag"), act);

    Failure failure = catchThrowableOfType(Failure.class, () -> check(forged, Pins.NONE));

    assertThat(failure).as("the forgery is noticed").isNotNull();
    assertThat(failure.getMessage()).contains(finding);
    assertThat(failure.code()).isEqualTo(code);
  }

  private Path forged(Path bag, Act act) throws IOException {
    try (BagWriter writer = BagWriter.to(directory.resolve("forged"), "forged")) {
      for (String name : BagFiles.below(bag)) {
        writer.write(name, Files.readAllBytes(bag.resolve(name)));
      }
      act.on(writer.draft());
      writer.seal(INFO, "");
      writer.publish();
      return directory.resolve("forged");
    }
  }

  @Test
  void aRowOfAPurgedRunIsHeldToItsTombstone() throws IOException {
    GoldenRange golden = server.golden;
    ObjectNode tombstone = GoldenRange.tombstone(GoldenRun.RUN_ID);
    tombstone.put("digest", CanonicalJson.sha256(tombstone.path("document")));
    Path bag = directory.resolve("purged");
    List<ObjectNode> records =
        golden.recordsIn(GoldenRange.RANGE).stream()
            .filter(record -> record.has("journal"))
            .toList();

    assertThat(purged(bag, records, tombstone).journalRecords()).isEqualTo(records.size());
    ObjectNode other = records.getFirst().deepCopy();
    other.withObject("/journal").put("hash", "0".repeat(64));
    assertThatThrownBy(() -> purged(bag, List.of(other), tombstone))
        .hasMessageContaining("the hash is not of the row");
  }

  private RangeBagCheck.Report purged(Path bag, List<ObjectNode> records, ObjectNode tombstone)
      throws IOException {
    try (BagWriter writer = BagWriter.to(bag, "purged")) {
      writer.write(BagFiles.RECORDS, GoldenRun.lines(records));
      writer.write(BagFiles.OCSF, GoldenRun.lines(records.stream().map(OcsfActivity::of).toList()));
      writer.write(BagFiles.ABSENT_RUNS, new byte[0]);
      writer.write(BagFiles.tombstone(GoldenRange.TOMBSTONE), Json.write(tombstone));
      writer.write(BagFiles.RANGE, GoldenRange.RANGE.bytes(1_000));
      writer.seal(INFO, "");
      return check(writer.draft(), Pins.NONE);
    }
  }
}
