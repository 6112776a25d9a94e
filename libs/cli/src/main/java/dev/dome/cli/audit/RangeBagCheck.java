package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Checks the export of a range without a server: each run as a bag of its own is checked, then the
 * records of the range against the runs, and that nothing is missing that they name.
 */
final class RangeBagCheck {
  private static final String UNNAMED_TOMBSTONES = "tombstones of which the acts say nothing";

  private static final List<String> OPEN =
      List.of(
          "access records",
          "the first and the last acts",
          UNNAMED_TOMBSTONES,
          "runs that are left out with all of their records");

  private static final List<String> FILES =
      List.of(BagFiles.RECORDS, BagFiles.OCSF, BagFiles.RANGE, BagFiles.ABSENT_RUNS);

  private static final List<String> KEYS = List.of(BagFiles.TRUSTED_ROOT, BagFiles.KEYS);

  private static final List<String> FILES_OF_A_RUN =
      List.of(BagFiles.RECORDS, BagFiles.OCSF, BagFiles.LEDGER, BagFiles.LATE_REPORTS);

  private final Path root;
  private final Pins pins;
  private final Progress progress;
  private final SortedSet<String> runs = new TreeSet<>();
  private final SortedSet<Long> tombstones = new TreeSet<>();
  private final SortedSet<Long> signedTombstones = new TreeSet<>();
  private long unfinished;
  private long statements;

  private RangeBagCheck(Path root, Pins pins, Progress progress) {
    this.root = root;
    this.pins = pins;
    this.progress = progress;
  }

  /**
   * What holds.
   *
   * @param from inclusive, RFC 3339
   * @param until exclusive
   * @param logSize up to which place in the audit's log the records were read
   * @param unfinishedRuns those of the runs that had not ended
   * @param tombstoneStatements signed ones, of tombstones
   * @param absentRuns named by decisions only; there never were such runs
   * @param unprotected what the bag's own digests alone protect; empty when the bag is pinned
   */
  record Report(
      String namespace,
      String from,
      String until,
      long logSize,
      long journalRecords,
      long accessRecords,
      long acts,
      long runs,
      long unfinishedRuns,
      long statements,
      long tombstones,
      long tombstoneStatements,
      long absentRuns,
      String bagSha256,
      List<String> unprotected) {}

  /**
   * Checks everything.
   *
   * @param pins of the bag and of keys; those of a run hold none of many
   * @throws Failure at the first thing that does not hold
   */
  static Report of(Path root, Pins pins, Progress progress) throws IOException {
    Map<String, String> info = BagCheck.of(root);
    String bagSha256 = BagFiles.sha256(root.resolve(BagFiles.TAG_MANIFEST));
    Pins.unlessHeld(pins.bagSha256(), bagSha256, "the digest of " + BagFiles.TAG_MANIFEST);
    RangeBagCheck check = new RangeBagCheck(root, pins, progress);
    check.payload();
    BagRange.Said said = BagRange.read(root);
    Failure.unless(
        said.range().identifier().equals(info.get("External-Identifier")),
        BagFiles.INFO + " names another range than " + BagFiles.RANGE);
    return check.content(said, bagSha256);
  }

  private void payload() throws IOException {
    for (String name : BagFiles.below(root)) {
      if (BagFiles.runOf(name).isPresent()) {
        runs.add(BagFiles.runOf(name).get());
      } else if (BagFiles.tombstoneOf(name).isPresent()) {
        tombstones.add(BagFiles.tombstoneOf(name).getAsLong());
      } else if (BagFiles.tombstoneOfBundle(name).isPresent()) {
        signedTombstones.add(BagFiles.tombstoneOfBundle(name).getAsLong());
      } else {
        Failure.unless(
            !BagFiles.isPayload(name) || FILES.contains(name) || KEYS.contains(name),
            Failure.ADDED,
            name + " is no part of a range's export");
      }
    }
    FILES.forEach(this::unlessThere);
    for (String run : runs) {
      FILES_OF_A_RUN.forEach(name -> unlessThere(BagFiles.directoryOf(run) + "/" + name));
    }
  }

  private void unlessThere(String name) {
    Failure.unless(Files.exists(root.resolve(name)), Failure.MISSING, name + " is missing");
  }

  private Report content(BagRange.Said said, String bagSha256) throws IOException {
    BagTombstones left = BagTombstones.of(root, tombstones, said.range());
    int signed =
        TombstoneStatementsCheck.of(root, pins.trustedRoot(), left.digests(), signedTombstones);
    Map<String, RangeRun> checked = new HashMap<>();
    for (String run : runs) {
      run(run, said, left, bagSha256);
      checked.put(run, new RangeRun(root, run, said));
      progress.at("checking runs", checked.size(), runs.size());
    }
    RangeRecordsCheck.Counted counted =
        new RangeRecordsCheck(root, said, checked, left).all(progress);
    TranslatedRecords.check(root, progress);
    SortedSet<String> absent = absent();
    named(counted.named(), left, absent, said.range());
    return new Report(
        said.range().namespace().value(),
        said.range().from(),
        said.range().until(),
        said.logSize(),
        counted.journal(),
        counted.access(),
        counted.acts(),
        runs.size(),
        unfinished,
        statements,
        tombstones.size(),
        signed,
        absent.size(),
        bagSha256,
        unprotected());
  }

  private void run(String run, BagRange.Said said, BagTombstones left, String bagSha256)
      throws IOException {
    String directory = BagFiles.directoryOf(run);
    Pins held =
        new Pins(
            Optional.empty(), Optional.empty(), Optional.empty(), pins.trustedRoot(), left.of(run));
    String identifier = RunBagCheck.identifier(said.range().namespace().value(), run);
    try {
      RunBagCheck.Report report =
          RunBagCheck.content(
              root.resolve(directory),
              new RunBagCheck.Named("the directory", identifier, false),
              held,
              bagSha256,
              Progress.SILENT);
      unfinished += report.complete() ? 0 : 1;
      statements += report.statements();
    } catch (Failure failure) {
      throw new Failure(failure.code(), directory + ": " + failure.getMessage());
    }
  }

  /** Everything that the records name is there, and nothing else. */
  private void named(
      NamedByRecords named, BagTombstones left, SortedSet<String> absent, BagRange range)
      throws IOException {
    Failure.unless(
        !named.areTooMany(), Failure.LIMIT, BagFiles.RECORDS + " names too many runs or purges");
    for (String run : named.runs()) {
      Failure.unless(
          runs.contains(run)
              || left.hasOneOf(run)
              || (absent.contains(run) && !named.hasJournalOf(run)),
          Failure.MISSING,
          BagFiles.directoryOf(run) + " is missing, and no tombstone is of it");
    }
    for (String run : runs) {
      Failure.unless(
          named.runs().contains(run),
          Failure.ADDED,
          BagFiles.directoryOf(run) + " is of a run that no record names");
    }
    for (String run : absent) {
      Failure.unless(
          named.runs().contains(run) && !runs.contains(run),
          Failure.ADDED,
          BagFiles.ABSENT_RUNS + " has " + run + ", which is there or which no record names");
    }
    for (long index : tombstones) {
      Failure.unless(
          named.explain(left.shown(index), range),
          Failure.ADDED,
          BagFiles.tombstone(index) + " is of nothing in the range");
    }
    Failure.unless(
        !tombstones.isEmpty() || !TombstoneStatementsCheck.hasKeys(root),
        Failure.ADDED,
        BagFiles.TRUSTED_ROOT + " or keys.json is there, and no tombstone");
  }

  private SortedSet<String> absent() throws IOException {
    SortedSet<String> absent = new TreeSet<>();
    try (Lines lines = Lines.of(root, BagFiles.ABSENT_RUNS, Progress.SILENT)) {
      for (Optional<ObjectNode> line = lines.next(); line.isPresent(); line = lines.next()) {
        String run = line.get().path("run_id").asText();
        Failure.unless(
            line.get().size() == 1
                && (absent.isEmpty() || absent.last().compareTo(run) < 0)
                && absent.add(run),
            lines.at() + "no run, or out of order");
        Failure.unless(
            absent.size() <= NamedByRecords.MAX_RUNS,
            Failure.LIMIT,
            BagFiles.ABSENT_RUNS + " has too many runs");
      }
    }
    return absent;
  }

  private List<String> unprotected() {
    if (pins.bagSha256().isPresent()) {
      return List.of();
    }
    List<String> open = new ArrayList<>(OPEN);
    if (pins.trustedRoot().isEmpty()) {
      open.add(RunBagCheck.LEDGER_ITSELF);
    } else {
      open.set(open.indexOf(UNNAMED_TOMBSTONES), "leaving out " + UNNAMED_TOMBSTONES);
      if (unfinished > 0) {
        open.add("the journals of runs that have not ended");
      }
    }
    open.addAll(
        RunBagCheck.OPEN_WITHOUT_SIGNATURE.stream().filter(what -> !OPEN.contains(what)).toList());
    return List.copyOf(open);
  }
}
