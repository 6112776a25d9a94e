package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.Lane;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * The lanes of this database, for whoever checks them. Reads fail with {@link
 * RecordUnavailableException}.
 */
public interface LaneReads {
  /** Every lane by number. */
  Uni<List<LaneRecord>> lanes();

  /**
   * Which writers wrote the rows of a lane behind a position, in lane order: each span is rows that
   * follow each other without a gap under one epoch.
   *
   * @param limit how many rows to look at
   */
  Uni<List<EpochSpan>> epochs(Lane lane, long afterPosition, int limit);

  /**
   * Where a lane stands.
   *
   * @param epoch raised by every takeover
   * @param owner the replica that holds it, or null
   * @param position of its last journal row
   * @param publishedPosition up to which DOME_JOURNAL has it
   */
  record LaneRecord(Lane lane, long epoch, String owner, long position, long publishedPosition) {}

  /** Rows that one epoch wrote, first and last position included. */
  record EpochSpan(long epoch, long firstPosition, long lastPosition) {}
}
