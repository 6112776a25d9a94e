package dev.dome.statecontroller.application.limits;

import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.statecontroller.application.TaskLimit;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The limits that operators set. Calls fail with {@link
 * dev.dome.statecontroller.application.read.RecordUnavailableException}.
 */
public interface LimitStore {
  /** How many limits a namespace may have, because every replica holds all of them. */
  int MAX_PER_NAMESPACE = 1_000;

  /**
   * A namespace's limits, by name.
   *
   * @param after the last one of the page before, or null for the first page
   */
  Uni<List<SetLimit>> list(NamespaceId namespace, LimitName after, int limit);

  Uni<Optional<SetLimit>> find(NamespaceId namespace, LimitName name);

  /**
   * Sets a limit, or sets it anew; lane writers go by it within a second. What is leased on a queue
   * counts for a limit that is set afterwards.
   *
   * @return false, and nothing is set, when the namespace has as many as it may
   */
  Uni<Boolean> put(SetLimit limit);

  /** Removes a limit, if there is one; then the default holds. */
  Uni<Boolean> remove(NamespaceId namespace, LimitName name);

  /** What is taken of those of the named limits that bound anything, in no order. */
  Uni<List<LimitUse>> uses(NamespaceId namespace, Set<LimitName> names);

  /** A limit, and who set it when. */
  record SetLimit(TaskLimit limit, long changedAtMs, String changedBy) {}
}
