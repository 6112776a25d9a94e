package dev.dome.provenance.application;

import java.util.List;

/** The audit's tombstones, of all namespaces. */
@FunctionalInterface
public interface PurgeSource {

  /**
   * The next of them, none at their end. Returns when they have come, so it may not be called on an
   * event loop.
   *
   * @param from the first index that is wanted
   */
  List<PurgedRecords.Told> from(long from);
}
