package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dome.contracts.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a bag that somebody hands over, each with its reason code. */
class RefusedBagsTest {
  @TempDir private Path directory;

  private Path bag() throws IOException {
    Path target = directory.resolve("bag");
    try (BagWriter writer = BagWriter.to(target, "golden")) {
      writer.write(BagFiles.LEDGER, GoldenRun.lines(GoldenRun.ledger()));
      writer.write(BagFiles.RECORDS, GoldenRun.lines(GoldenRun.records()));
      writer.write(BagFiles.LATE_REPORTS, new byte[0]);
      writer.write(BagFiles.RUN_MANIFEST, CanonicalJson.bytes(GoldenRun.manifest()));
      writer.seal(
          Map.of("External-Identifier", GoldenRun.NAMESPACE + "/" + GoldenRun.RUN_ID), "read me");
      writer.publish();
    }
    return target;
  }

  /** Does something to a bag. */
  interface Act {
    void on(Path bag) throws IOException;
  }

  static Stream<Arguments> acts() {
    return Stream.of(
        act("BUNDLE.CHANGED", bag -> Files.writeString(bag.resolve(BagFiles.RECORDS), "{}\n")),
        act("BUNDLE.CHANGED", bag -> Files.writeString(bag.resolve(BagFiles.README), "other")),
        act("BUNDLE.ADDED", bag -> Files.writeString(bag.resolve("data/more.jsonl"), "{}")),
        act("BUNDLE.ADDED", bag -> Files.writeString(bag.resolve("notes.txt"), "x")),
        act("BUNDLE.MISSING", bag -> Files.delete(bag.resolve(BagFiles.LATE_REPORTS))),
        act("BUNDLE.MISSING", bag -> Files.delete(bag.resolve(BagFiles.MANIFEST))),
        act("BUNDLE.PATH", bag -> link(bag.resolve("data/link"), Path.of("records.jsonl"))),
        act("BUNDLE.PATH", bag -> names(bag, "../outside")),
        act("BUNDLE.PATH", bag -> names(bag, "/etc/passwd")),
        act("BUNDLE.LIMIT", bag -> names(bag, "x".repeat(2 << 20))),
        act("BUNDLE.MALFORMED", bag -> Files.writeString(bag.resolve("bagit.txt"), "no")),
        act("BUNDLE.CONTENT_DIFFERS", RefusedBagsTest::forge));
  }

  private static Arguments act(String code, Act act) {
    return Arguments.of(code, act);
  }

  private static void link(Path link, Path to) throws IOException {
    Files.createSymbolicLink(link, to);
  }

  private static void names(Path bag, String path) throws IOException {
    Files.writeString(bag.resolve(BagFiles.TAG_MANIFEST), "0".repeat(64) + "  " + path + "\n");
  }

  /** Leaves the last record out and makes every digest anew. */
  private static void forge(Path bag) throws IOException {
    List<String> lines = Files.readAllLines(bag.resolve(BagFiles.RECORDS));
    Files.write(bag.resolve(BagFiles.RECORDS), lines.subList(1, lines.size()));
    reseal(bag);
  }

  private static void reseal(Path bag) throws IOException {
    List<String> payload = BagFiles.below(bag).stream().filter(BagFiles::isPayload).toList();
    long bytes = 0;
    StringBuilder manifest = new StringBuilder();
    for (String name : payload) {
      bytes += Files.size(bag.resolve(name));
      manifest.append(BagFiles.sha256(bag.resolve(name))).append("  ").append(name).append('\n');
    }
    Files.writeString(bag.resolve(BagFiles.MANIFEST), manifest);
    Files.writeString(
        bag.resolve(BagFiles.INFO),
        "External-Identifier: %s/%s\nPayload-Oxum: %d.%d\n"
            .formatted(GoldenRun.NAMESPACE, GoldenRun.RUN_ID, bytes, payload.size()));
    StringBuilder tags = new StringBuilder();
    for (String name :
        List.of(BagFiles.README, BagFiles.INFO, BagFiles.DECLARATION, BagFiles.MANIFEST)) {
      tags.append(BagFiles.sha256(bag.resolve(name))).append("  ").append(name).append('\n');
    }
    Files.writeString(bag.resolve(BagFiles.TAG_MANIFEST), tags);
  }

  private static String codeOf(Path bag) {
    return codeOf(bag, BagArchive.Limits.STANDARD);
  }

  /** Why a bag, packed or not, is refused. */
  private static String codeOf(Path bag, BagArchive.Limits limits) {
    return catchThrowableOfType(
            Failure.class,
            () -> {
              try (BagArchive archive = BagArchive.open(bag, limits)) {
                RunBagCheck.of(archive.root(), Pins.NONE, Progress.SILENT);
              }
            })
        .code();
  }

  @ParameterizedTest
  @MethodSource("acts")
  void whatWasDoneToABagIsNamed(String code, Act act) throws IOException {
    Path bag = bag();
    act.on(bag);

    assertThat(codeOf(bag)).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {BagFiles.LEDGER, BagFiles.RECORDS})
  void aLineThatNeverEndsIsNotReadToItsEnd(String name) throws IOException {
    Path bag = bag();
    Files.writeString(bag.resolve(name), "[".repeat(JsonLines.MAX_LINE_BYTES + 1));
    reseal(bag);

    assertThat(codeOf(bag)).isEqualTo("BUNDLE.LIMIT");
  }

  /** Packs something besides the bag. */
  interface Packing {
    void into(ZipArchiveOutputStream zip) throws IOException;
  }

  private Path zip(String prefix, Packing more) throws IOException {
    Path bag = bag();
    Path zip = directory.resolve("bag.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      for (String name : BagFiles.below(bag)) {
        entry(out, prefix + name, Files.readAllBytes(bag.resolve(name)));
      }
      more.into(out);
    }
    return zip;
  }

  private static void entry(ZipArchiveOutputStream zip, String name, byte[] content)
      throws IOException {
    zip.putArchiveEntry(new ZipArchiveEntry(name));
    zip.write(content);
    zip.closeArchiveEntry();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "audit-team-a-run/"})
  void aBagThatWasPackedHoldsAndLeavesNothing(String prefix) throws IOException {
    Path root;
    try (BagArchive archive = BagArchive.open(zip(prefix, out -> {}), BagArchive.Limits.STANDARD)) {
      root = archive.root();
      assertThat(RunBagCheck.of(root, Pins.NONE, Progress.SILENT).status()).isEqualTo("PROMOTED");
    }

    assertThat(root).doesNotExist();
  }

  static Stream<Arguments> zips() {
    byte[] content = "x".getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        packed("BUNDLE.PATH", out -> entry(out, "../outside", content)),
        packed("BUNDLE.PATH", out -> entry(out, "data/../../outside", content)),
        packed("BUNDLE.PATH", out -> entry(out, "/tmp/outside", content)),
        packed("BUNDLE.PATH", out -> entry(out, "C:\\outside", content)),
        packed("BUNDLE.PATH", out -> mode(out, UnixStat.LINK_FLAG | 0777)),
        packed("BUNDLE.PATH", out -> mode(out, 0010644)),
        packed("BUNDLE.MALFORMED", out -> entry(out, "bagit.txt", content)),
        packed("BUNDLE.ADDED", out -> entry(out, "data/more", content)));
  }

  private static Arguments packed(String code, Packing packing) {
    return Arguments.of(code, packing);
  }

  private static void mode(ZipArchiveOutputStream zip, int mode) throws IOException {
    ZipArchiveEntry link = new ZipArchiveEntry("data/link");
    link.setUnixMode(mode);
    zip.putArchiveEntry(link);
    zip.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
    zip.closeArchiveEntry();
  }

  @ParameterizedTest
  @MethodSource("zips")
  void whatAZipMustNotHoldIsNamedAndNothingIsWrittenElsewhere(String code, Packing packing)
      throws IOException {
    assertThat(codeOf(zip("", packing))).isEqualTo(code);
    assertThat(directory.resolve("outside")).doesNotExist();
    assertThat(Path.of("/tmp/outside")).doesNotExist();
  }

  @Test
  void aZipOfTooManyEntriesIsNotUnpacked() throws IOException {
    BagArchive.Limits few = new BagArchive.Limits(8, 1L << 30, 1_000, 1 << 20);

    assertThat(codeOf(zip("", out -> {}), few)).isEqualTo("BUNDLE.LIMIT");
  }

  @Test
  void aZipThatUnpacksToTooMuchIsNotUnpacked() throws IOException {
    BagArchive.Limits little = new BagArchive.Limits(100, 1 << 10, 1_000, 1 << 20);

    assertThat(codeOf(zip("", out -> {}), little)).isEqualTo("BUNDLE.LIMIT");
  }

  @Test
  void aZipThatUnpacksToFarMoreThanItIsIsNotUnpacked() throws IOException {
    Path bomb = zip("", out -> entry(out, "data/zeros", new byte[64 << 20]));

    assertThat(Files.size(bomb)).isLessThan(200 << 10);
    assertThat(codeOf(bomb)).isEqualTo("BUNDLE.LIMIT");
  }

  @Test
  void whatIsNoZipIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("bag.zip"), "no zip");
    assertThat(codeOf(file)).isEqualTo("BUNDLE.MALFORMED");

    byte[] whole = Files.readAllBytes(zip("", out -> {}));
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThat(codeOf(file)).isEqualTo("BUNDLE.MALFORMED");
  }

  @Test
  void aZipOfTwoBagsIsNone() throws IOException {
    assertThat(codeOf(zip("one/", out -> entry(out, "two/x", new byte[] {1}))))
        .isEqualTo("BUNDLE.MALFORMED");
  }
}
