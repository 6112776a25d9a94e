package dev.dome.provenance.application;

import java.util.List;

/** Tombstones that were told, durably; whoever stores one promises its statement. */
public interface PurgeStore {

  /** The last one that was told. */
  Place last();

  /**
   * Stores those that are not known, and the last one that was told, in one transaction.
   *
   * @param purged in their order, may be none
   */
  void store(List<PurgedRecords> purged, Place last, long nowMs);

  /**
   * A place in the order of the audit.
   *
   * @param digest that the audit gave the tombstone there; empty before there is one
   */
  record Place(long index, String digest) {
    /** Before every tombstone. */
    public static final Place BEGINNING = new Place(0, "");

    static Place of(PurgedRecords.Told told) {
      return new Place(told.index(), told.digest());
    }
  }
}
