package dev.dome.auditexport.retention;

import dev.dome.contracts.id.NamespaceId;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Legal holds. None is ever removed: one that was released stays on record. */
public interface HoldStore {

  /** What became of a hold that was wanted. */
  enum Placed {
    PLACED,
    /** It is in force with these words. */
    SAME,
    /** The id is another hold's, or a released one's. */
    TAKEN
  }

  /** What became of a release that was wanted. */
  enum Released {
    RELEASED,
    ALREADY,
    /** There is no such hold. */
    NONE
  }

  /** Once this is answered, no purge removes what is held. */
  Uni<Placed> place(LegalHold.Wanted wanted);

  Uni<Released> release(NamespaceId namespace, String holdId, String reason, String actor);

  Uni<Optional<LegalHold>> find(NamespaceId namespace, String holdId);

  /**
   * Holds by id.
   *
   * @param after the id behind which the list goes on; empty text from the first
   */
  Uni<List<LegalHold>> list(NamespaceId namespace, boolean inForceOnly, String after, int limit);
}
