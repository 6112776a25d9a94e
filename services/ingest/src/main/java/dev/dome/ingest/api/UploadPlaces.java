package dev.dome.ingest.api;

import dev.dome.contracts.id.NamespaceId;
import java.util.HashMap;
import java.util.Map;

/**
 * Who uploads here right now. There are so many places in all, and neither one subject nor one
 * namespace gets more than its share of them, so that whoever is slow is slow at its own cost. For
 * use by many threads.
 */
final class UploadPlaces {
  private final Shares shares;
  private final Map<String, Integer> bySubject = new HashMap<>();
  private final Map<NamespaceId, Integer> byNamespace = new HashMap<>();
  private int taken;

  UploadPlaces(Shares shares) {
    this.shares = shares;
  }

  /** How many uploads run at once: in all, of one namespace, of one subject. */
  record Shares(int all, int perNamespace, int perSubject) {}

  /** What came of asking for a place. */
  enum Place {
    /** To be given back. */
    TAKEN,
    ALL_TAKEN,
    NAMESPACE_HAS_ITS_SHARE,
    SUBJECT_HAS_ITS_SHARE
  }

  synchronized Place take(NamespaceId namespace, String subject) {
    if (bySubject.getOrDefault(subject, 0) >= shares.perSubject()) {
      return Place.SUBJECT_HAS_ITS_SHARE;
    }
    if (byNamespace.getOrDefault(namespace, 0) >= shares.perNamespace()) {
      return Place.NAMESPACE_HAS_ITS_SHARE;
    }
    if (taken >= shares.all()) {
      return Place.ALL_TAKEN;
    }
    taken++;
    bySubject.merge(subject, 1, Integer::sum);
    byNamespace.merge(namespace, 1, Integer::sum);
    return Place.TAKEN;
  }

  synchronized void giveBack(NamespaceId namespace, String subject) {
    taken--;
    bySubject.computeIfPresent(subject, (key, count) -> oneLess(count));
    byNamespace.computeIfPresent(namespace, (key, count) -> oneLess(count));
  }

  /** Null where nothing is left, so that whoever is not here takes no memory. */
  private static Integer oneLess(int count) {
    return count > 1 ? (Integer) (count - 1) : null;
  }
}
