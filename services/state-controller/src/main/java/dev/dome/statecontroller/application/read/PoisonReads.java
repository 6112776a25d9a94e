package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.Lane;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Inputs that were set aside. Reads fail with {@link RecordUnavailableException}. */
public interface PoisonReads {
  /**
   * Inputs by lane, then in the order the lane's inbox had them.
   *
   * @param lane only those of a lane, or null for all
   * @param after the last one of the page before, or null for the first page
   */
  Uni<List<PoisonRecord>> list(Lane lane, PoisonId after, int limit);

  Uni<Optional<PoisonRecord>> find(PoisonId id);

  /**
   * An input as it was stored.
   *
   * @param cause what was thrown
   * @param message the text of it, redacted before it was stored; not always JSON
   */
  record PoisonRecord(PoisonId id, String reasonCode, String cause, String message, long atMs) {}
}
