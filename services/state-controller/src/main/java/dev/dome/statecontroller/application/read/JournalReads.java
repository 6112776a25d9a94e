package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalRow;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** The journal, by run and by lane. Reads fail with {@link RecordUnavailableException}. */
public interface JournalReads {
  /** The EVENT rows of a run after a sequence, in order. */
  Uni<List<JournalRow>> events(RunUid runUid, long afterSequence, int limit);

  /** The INPUT and EVENT rows of a run after a sequence, in order. */
  Uni<List<JournalRow>> rows(RunUid runUid, long afterSequence, int limit);

  /**
   * The INPUT and EVENT rows of several runs of a namespace behind a place, by run and then in
   * order: up to a limit, and as many as fit in four million characters, but one at least.
   */
  Uni<Part> rows(NamespaceId namespace, List<RunId> runIds, Place after, int limit);

  /** Some rows, and whether there are more behind them. */
  record Part(List<JournalRow> rows, boolean more) {}

  /**
   * A place among the rows of several runs.
   *
   * @param runUid empty before the first
   */
  record Place(String runUid, long sequence) {
    public static final Place START = new Place("", 0);
  }

  /**
   * The rows of a run after a sequence that name something by its SHA-256 in a result, and the
   * reports they came with, in order.
   */
  Uni<List<JournalRow>> naming(RunUid runUid, long afterSequence, int limit);

  /** The last EVENT row of a topic, if the run has one. */
  Uni<Optional<JournalRow>> last(RunUid runUid, String topic);

  /**
   * The rows of a lane after a position, in order and without gaps; fewer than the limit when they
   * are large, none only behind the last one.
   */
  Uni<List<JournalRow>> lane(Lane lane, long afterPosition, int limit);
}
