package dev.dome.auditexport.application;

import dev.dome.contracts.id.Lane;
import dev.dome.journal.DatabaseUnavailableException;
import dev.dome.messaging.AccessReader;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * The log, durably. Records are added and read, never changed. Every method is one transaction;
 * reads fail with {@link DatabaseUnavailableException} while the database is away.
 */
public interface AuditStore {

  /** Lane position of the last journal row that is recorded, 0 for none. */
  Uni<Long> position(Lane lane);

  /**
   * Adds journal rows and moves the cursors behind the batches that they come of.
   *
   * @return false, with nothing stored, when a cursor was elsewhere
   */
  Uni<Boolean> append(List<JournalBatch> batches, List<AuditEntry.Journal> entries);

  /** The last message of DOME_ACCESS whose decisions are recorded. */
  Uni<AccessReader.Position> accessPosition();

  /**
   * Adds access decisions and moves the cursor.
   *
   * @param entries may be empty, when the messages held none that can be read
   * @return false, with nothing stored, when the cursor was not at {@code after}
   */
  Uni<Boolean> append(
      AccessReader.Position after, AccessReader.Position last, List<AuditEntry.Access> entries);

  /** How many records the log has; the next one gets this index. */
  Uni<Long> size();

  /**
   * Records that fit, by log index.
   *
   * @param from the first index to look at
   * @param before the first index not to look at any more
   */
  Uni<List<AuditRecord>> find(AuditQuery query, long from, long before, int limit);
}
