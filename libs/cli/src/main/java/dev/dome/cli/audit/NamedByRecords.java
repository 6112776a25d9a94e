package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.RunId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the records of a range name that must lie beside them: runs, and tombstones of purges. */
final class NamedByRecords {
  /** With some twenty files each they stay below what a check takes on. */
  static final int MAX_RUNS = 5_000;

  static final int MAX_PURGES = 10_000;

  /** With a statement each. */
  static final int MAX_TOMBSTONES = 10_000;

  static final String PURGED = "audit.purged";

  private final SortedSet<String> runs = new TreeSet<>();
  private final Set<String> withJournal = new HashSet<>();
  private final List<Purge> purges = new ArrayList<>();

  /** Tombstones from the first to the last, those of other namespaces among them. */
  private record Purge(long first, long last) {}

  /**
   * The next record. What is beyond the limits is not kept.
   *
   * @throws Failure when it names a run by what is no run's name
   */
  void add(JsonNode record) {
    if (record.hasNonNull("run_id")) {
      String run = record.path("run_id").asText();
      Failure.unless(
          RunId.PATTERN.matcher(run).matches(),
          Failure.MALFORMED,
          BagFiles.RECORDS + " has a record whose run_id is none");
      if (runs.size() <= MAX_RUNS) {
        runs.add(run);
      }
      if (record.has("journal") && runs.contains(run)) {
        withJournal.add(run);
      }
    }
    JsonNode act = record.at("/admin/document");
    if (act.path("act").asText().equals(PURGED) && purges.size() <= MAX_PURGES) {
      purges.add(
          new Purge(act.path("first_tombstone").asLong(), act.path("last_tombstone").asLong()));
    }
  }

  /** Whether there are more than an export is made of. */
  boolean areTooMany() {
    return runs.size() > MAX_RUNS || purges.size() > MAX_PURGES;
  }

  /** Sorted. */
  SortedSet<String> runs() {
    return runs;
  }

  /** Whether a row of the run's journal is among the records: such a run exists, or was purged. */
  boolean hasJournalOf(String run) {
    return withJournal.contains(run);
  }

  /** Whether a tombstone, as it is listed, belongs to the range. */
  boolean explain(JsonNode tombstone, BagRange range) {
    long index = tombstone.path("index").asLong(-1);
    return range.mayHave(tombstone)
        || runs.contains(tombstone.at("/document/run_id").asText())
        || purges.stream().anyMatch(purge -> index >= purge.first() && index <= purge.last());
  }
}
