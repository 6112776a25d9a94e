package dev.dome.cli.admin;

import dev.dome.cli.Patience;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.PublishedRows;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamContent;
import dev.dome.migrations.Database;
import dev.dome.migrations.DatabaseContent;
import dev.dome.verification.invariant.LaneCopies;
import dev.dome.verification.invariant.LaneInvariants;
import dev.dome.verification.invariant.Violation;
import java.util.List;
import java.util.Map;

/** Reads the copies of the journal that are kept by lane, and has them compared. */
final class StreamCopies {
  private final LiveSystem system;

  StreamCopies(LiveSystem system) {
    this.system = system;
  }

  /** What a look at one kind of copy came to. */
  record Compared(long things, List<Violation> found, String note) {}

  /** Holds every row of DOME_JOURNAL against the journal; what was trimmed is not asked for. */
  Compared stream(String natsUrl) {
    LaneCopies copies = new LaneCopies(system::laneRows);
    try (NatsLink link = NatsLink.open(LinkOptions.of(natsUrl, "dome-verify"))) {
      new StreamContent(link)
          .read(
              Subjects.JOURNAL_STREAM,
              (sequence, subject, headers, body) -> take(subject, body, copies));
    }
    return new Compared(
        copies.rows(), copies.violations(), copies.rows() + " rows of DOME_JOURNAL compared");
  }

  private static void take(String subject, byte[] body, LaneCopies copies) {
    List<PublishedRow> rows = Json.read(body, PublishedRows.class).rows();
    rows.forEach(copies::row);
    if (rows.isEmpty()) {
      copies.leftOut(Integer.parseInt(subject.substring(subject.lastIndexOf('.') + 1)));
    }
  }

  /**
   * Holds every service's cursors against the lanes: none ahead of the journal, and all where the
   * journal was a moment ago, if they get there while there is patience.
   */
  Compared cursors(Database database, Patience patience) {
    List<LaneInvariants.Shown> wanted = system.lanes();
    try (DatabaseContent content = DatabaseContent.of(database)) {
      Map<String, Map<Integer, Long>> cursors = content.journalCursors();
      long pending = LaneCopies.pending(cursors, wanted);
      while (pending > 0 && patience.await("the services that read the journal")) {
        cursors = content.journalCursors();
        long still = LaneCopies.pending(cursors, wanted);
        if (still < pending) {
          patience.came();
        }
        pending = still;
      }
      List<Violation> found = LaneCopies.aheadOf(cursors, system.lanes());
      return new Compared(
          (long) cursors.size() * wanted.size(),
          found,
          pending == 0 ? "" : pending + " rows are pending at the services that read the journal");
    }
  }
}
