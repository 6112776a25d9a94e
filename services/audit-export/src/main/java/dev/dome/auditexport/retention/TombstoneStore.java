package dev.dome.auditexport.retention;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** What is left of what was purged. */
public interface TombstoneStore {

  /**
   * Tombstones of a namespace in their order.
   *
   * @param runIds of these runs only; null for all there are
   * @param from the first index to look at
   */
  Uni<List<Tombstone>> list(NamespaceId namespace, List<RunId> runIds, long from, int limit);

  /**
   * Tombstones of all namespaces in their order.
   *
   * @param from the first index to look at
   */
  Uni<List<Tombstone>> list(long from, int limit);

  Uni<Optional<Tombstone.WithHashes>> find(NamespaceId namespace, long index);
}
