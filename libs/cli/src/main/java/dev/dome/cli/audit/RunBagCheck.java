package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.verification.Finding;
import dev.dome.verification.Manifest;
import dev.dome.verification.VerifiedLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks an exported run without a server: the bag's files, the ledger's chain and every decision
 * by replay, then everything that follows from the ledger by making it again: the journal records
 * and the manifest, to the last field; then who signed that. What follows from nothing is held to
 * its rules, and the report says what that leaves open.
 */
final class RunBagCheck {
  /** What whoever can write the whole bag can change, within the rules, and nobody can tell. */
  static final List<String> OPEN_WITHOUT_SIGNATURE =
      List.of(
          "access records",
          "late reports",
          "log indices",
          "which replays are stated",
          "trusted_root.json and keys.json",
          "bag-info.txt",
          "README.txt");

  static final String LEDGER_ITSELF = "the journal as a whole, with all that follows";

  private final Path root;
  private final Progress progress;

  private static final long MAX_MANIFEST_BYTES = 64 << 20;

  private RunBagCheck(Path root, Progress progress) {
    this.root = root;
    this.progress = progress;
  }

  /**
   * What holds.
   *
   * @param complete whether the run had ended, so that nothing can follow
   * @param accessRecords decisions about access among the records
   * @param lateReports reports that came too late
   * @param statements signed ones
   * @param manifestSha256 of the run's manifest, in the bag or not; absent before the run's end
   * @param bagSha256 of the file that every other hangs on
   * @param unprotected what the bag's own digests alone protect; empty when the bag is pinned
   */
  record Report(
      String namespace,
      String runId,
      String status,
      boolean complete,
      long ledgerRows,
      long accessRecords,
      long lateReports,
      int statements,
      String headHash,
      String manifestSha256,
      String bagSha256,
      List<String> unprotected) {}

  /**
   * Checks everything.
   *
   * @throws Failure at the first thing that does not hold
   */
  static Report of(Path root, Pins pins, Progress progress) throws IOException {
    Map<String, String> info = BagCheck.of(root);
    String bagSha256 = BagFiles.sha256(root.resolve(BagFiles.TAG_MANIFEST));
    Pins.unlessHeld(pins.bagSha256(), bagSha256, "the digest of " + BagFiles.TAG_MANIFEST);
    new RunBagCheck(root, progress).payload();
    String identifier = info.getOrDefault("External-Identifier", "");
    return content(root, new Named(BagFiles.INFO, identifier, true), pins, bagSha256, progress);
  }

  /**
   * What says which run it is.
   *
   * @param where for findings
   * @param identifier as {@link #identifier} makes it
   * @param alone whether the bag is of this run, so that keys from elsewhere hold it whether it has
   *     ended or not
   */
  record Named(String where, String identifier, boolean alone) {}

  /**
   * Checks the content of the files of a run, whose names and digests hold.
   *
   * @param root where they lie, by the names that they have in a bag of the run
   * @throws Failure at the first thing that does not hold
   */
  static Report content(Path root, Named named, Pins pins, String bagSha256, Progress progress)
      throws IOException {
    RunBagCheck check = new RunBagCheck(root, progress);
    VerifiedLedger ledger = check.ledger();
    Finding.Match match = match(ledger.finding());
    Failure.unless(
        identifier(match.namespace().value(), match.runId().value()).equals(named.identifier()),
        named.where() + " names another run than " + BagFiles.LEDGER + " holds");
    Pins.unlessHeld(pins.headHash(), match.headHash(), "the hash of the ledger's last row");
    TombstonesCheck.of(root, match, pins.tombstones());
    Optional<Manifest> manifest =
        match.complete() ? Optional.of(manifest(ledger, match)) : Optional.empty();
    Pins.unlessHeld(
        pins.manifestSha256(),
        manifest.map(Manifest::sha256).orElse("none before the run's end"),
        "the digest of the run's manifest");
    check.manifest(manifest);
    return new Report(
        match.namespace().value(),
        match.runId().value(),
        match.status(),
        match.complete(),
        match.sequence(),
        RecordsCheck.of(root, match, progress),
        LateReportsCheck.of(root, match, progress),
        StatementsCheck.of(
            root,
            pins.trustedRoot().filter(keys -> named.alone() || match.complete()),
            match,
            manifest),
        match.headHash(),
        manifest.map(Manifest::sha256).orElse(null),
        bagSha256,
        unprotected(pins));
  }

  /** How a bag names its run. */
  static String identifier(String namespace, String runId) {
    return namespace + "/" + runId;
  }

  private void payload() throws IOException {
    for (String name : BagFiles.below(root)) {
      Failure.unless(
          !BagFiles.isPayload(name) || BagFiles.isPartOfAnExport(name),
          Failure.ADDED,
          name + " is no part of a run's export");
    }
    for (String name : List.of(BagFiles.RECORDS, BagFiles.LEDGER)) {
      Failure.unless(Files.exists(root.resolve(name)), Failure.MISSING, name + " is missing");
    }
  }

  private VerifiedLedger ledger() throws IOException {
    VerifiedLedger ledger = new VerifiedLedger();
    try (Lines rows = Lines.of(root, BagFiles.LEDGER, progress)) {
      Optional<ObjectNode> row = rows.next();
      while (row.isPresent() && ledger.add(row.get())) {
        row = rows.next();
      }
    }
    return ledger;
  }

  private static Finding.Match match(Finding finding) {
    return switch (finding) {
      case Finding.Match match -> match;
      case Finding.Difference difference ->
          throw new Failure(
              "%s row %d: %s is %s but should be %s"
                  .formatted(
                      BagFiles.LEDGER,
                      difference.sequence(),
                      difference.what(),
                      difference.recorded(),
                      difference.derived()));
    };
  }

  private static Manifest manifest(VerifiedLedger ledger, Finding.Match match) {
    try {
      return ledger.manifest(match);
    } catch (IllegalStateException e) {
      throw new Failure(BagFiles.LEDGER + " makes " + e.getMessage());
    }
  }

  /** The manifest, where there is one, is to the byte what the ledger makes. */
  private void manifest(Optional<Manifest> made) throws IOException {
    Path file = root.resolve(BagFiles.RUN_MANIFEST);
    if (!Files.exists(file)) {
      return;
    }
    Manifest expected =
        made.orElseThrow(
            () -> new Failure(BagFiles.RUN_MANIFEST + " is of a run that has not ended"));
    Failure.unless(
        Files.size(file) <= MAX_MANIFEST_BYTES,
        Failure.LIMIT,
        BagFiles.RUN_MANIFEST + " is too large");
    byte[] given = Files.readAllBytes(file);
    if (!Arrays.equals(given, expected.bytes())) {
      String at = BagFiles.RUN_MANIFEST + ": ";
      Failure.unlessSame(
          at,
          Lines.object(new String(given, StandardCharsets.UTF_8), at),
          Lines.object(expected.text(), at));
      throw new Failure(at + "not in its canonical form");
    }
  }

  private static List<String> unprotected(Pins pins) {
    if (pins.bagSha256().isPresent()) {
      return List.of();
    }
    List<String> open = new ArrayList<>();
    if (!pins.holdLedger()) {
      open.add(LEDGER_ITSELF);
    }
    open.addAll(OPEN_WITHOUT_SIGNATURE);
    return List.copyOf(open);
  }
}
