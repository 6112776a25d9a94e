package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalRow;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** The journal, by run and by lane. Reads fail with {@link RecordUnavailableException}. */
public interface JournalReads {
  /** The EVENT rows of a run after a sequence, in order. */
  Uni<List<JournalRow>> events(RunUid runUid, long afterSequence, int limit);

  /** The INPUT and EVENT rows of a run after a sequence, in order. */
  Uni<List<JournalRow>> rows(RunUid runUid, long afterSequence, int limit);

  /** Every row of a lane after a position, in order and without gaps. */
  Uni<List<JournalRow>> lane(Lane lane, long afterPosition, int limit);
}
