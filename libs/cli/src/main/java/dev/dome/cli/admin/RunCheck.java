package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.Patience;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.Tombstone;
import dev.dome.verification.invariant.CopyInvariants;
import dev.dome.verification.invariant.KeyInvariants;
import dev.dome.verification.invariant.ObservedRun;
import dev.dome.verification.invariant.OperationInvariants;
import dev.dome.verification.invariant.OperationSeen;
import dev.dome.verification.invariant.RunInvariants;
import dev.dome.verification.invariant.TimerInvariants;
import dev.dome.verification.invariant.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads runs with all that is kept about them, and checks them. Safe for use by several threads.
 */
final class RunCheck {
  private static final String AUDIT = "the audit";

  private final LiveSystem system;
  private final Patience patience;
  private final SecretScan secrets;
  private final Sight sight;

  /** Which lists the caller may read. */
  record Sight(boolean operations, boolean audit) {
    static Sight of(LiveSystem system) {
      return new Sight(system.shows("operations"), system.shows("audit/records"));
    }
  }

  RunCheck(LiveSystem system, Patience patience, SecretScan secrets, Sight sight) {
    this.system = system;
    this.patience = patience;
    this.secrets = secrets;
    this.sight = sight;
  }

  /**
   * What was found on one run.
   *
   * @param copied rows that were held against the audit's copy of them
   */
  record Checked(
      ObservedRun run,
      List<OperationSeen> operations,
      List<Violation> invariants,
      OperationInvariants.Result answers,
      List<Violation> keys,
      List<Violation> copies,
      long copied,
      List<Long> latenessMs,
      List<Violation> leaks) {}

  /** Reads what is kept about some runs all at once, then checks one after the other. */
  List<Checked> of(List<LiveSystem.Listed> listed) {
    List<RunId> ids = listed.stream().map(LiveSystem.Listed::runId).toList();
    Map<RunId, List<PublishedRow>> ledgers = system.ledgers(ids);
    List<ObservedRun> runs =
        listed.stream()
            .map(run -> system.run(run, ledgers.getOrDefault(run.runId(), List.of())))
            .toList();
    Map<RunId, List<OperationSeen>> operations =
        sight.operations() ? system.operations(ids) : Map.of();
    Map<RunId, List<JsonNode>> records = sight.audit() ? system.auditRecords(ids) : Map.of();
    return runs.stream()
        .map(run ->
            checked(
                run,
                operations.getOrDefault(run.runId(), List.of()),
                records.getOrDefault(run.runId(), List.of())))
        .toList();
  }

  private Checked checked(ObservedRun run, List<OperationSeen> operations, List<JsonNode> records) {
    Audited audited = sight.audit() ? audited(run, records) : new Audited(List.of(), List.of(), 0);
    return new Checked(
        run,
        operations,
        RunInvariants.check(run),
        sight.operations()
            ? OperationInvariants.check(run, operations)
            : new OperationInvariants.Result(List.of(), 0),
        KeyInvariants.repeats(system.namespace(), operations),
        audited.found(),
        audited.copied(),
        TimerInvariants.check(run).latenessMs(),
        secrets.ofRun(run, operations, audited.records()));
  }

  /**
   * What the audit has of a run.
   *
   * @param copied rows of the journal that it has
   */
  private record Audited(List<JsonNode> records, List<Violation> found, long copied) {}

  /** The audit follows the journal a moment behind, so what is missing is looked for again. */
  private Audited audited(ObservedRun run, List<JsonNode> read) {
    List<JsonNode> records = read;
    CopyInvariants.Result copies = CopyInvariants.check(run, AUDIT, journalOf(records));
    if (copies.missing() > 0 || !copies.violations().isEmpty()) {
      // What is not there may have been purged.
      try {
        List<Tombstone> tombstones = system.tombstones(run.runId());
        if (!tombstones.isEmpty()) {
          return purged(run, records, tombstones);
        }
      } catch (IllegalArgumentException e) {
        return new Audited(records, List.of(CopyInvariants.badTombstone(run, e.getMessage())), 0);
      }
    }
    while (copies.missing() > 0 && patience.await(AUDIT)) {
      long missing = copies.missing();
      records = system.auditRecords(List.of(run.runId())).getOrDefault(run.runId(), List.of());
      copies = CopyInvariants.check(run, AUDIT, journalOf(records));
      if (copies.missing() < missing) {
        patience.came();
      }
    }
    List<Violation> found = new ArrayList<>(copies.violations());
    if (copies.missing() > 0) {
      found.add(CopyInvariants.incomplete(run, AUDIT, copies.missing()));
    }
    return new Audited(records, found, run.rows().size() - copies.missing());
  }

  /** A tombstone accounts for the rows it has the hashes of, and for no others. */
  private static Audited purged(
      ObservedRun run, List<JsonNode> records, List<Tombstone> tombstones) {
    CopyInvariants.Result copies = CopyInvariants.check(run, AUDIT, journalOf(records), tombstones);
    List<Violation> found = new ArrayList<>(copies.violations());
    if (copies.missing() > 0) {
      found.add(CopyInvariants.incomplete(run, AUDIT, copies.missing()));
    }
    return new Audited(records, found, run.rows().size() - copies.missing());
  }

  private static List<PublishedRow> journalOf(List<JsonNode> records) {
    return records.stream().filter(record -> record.has("journal")).map(RunCheck::row).toList();
  }

  /** The journal row that an audit record holds. */
  static PublishedRow row(JsonNode record) {
    ObjectNode row = record.path("journal").deepCopy();
    row.set("kind", row.remove("row_kind"));
    row.remove("sequence");
    row.set("namespace", record.path("namespace"));
    return Json.read(row, PublishedRow.class);
  }
}
