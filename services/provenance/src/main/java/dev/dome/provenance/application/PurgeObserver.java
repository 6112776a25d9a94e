package dev.dome.provenance.application;

/** Is told what becomes of the audit's tombstones, for metrics. */
public interface PurgeObserver {
  /** A round failed; it is made again. */
  void unheard();

  /** A tombstone does not hold to itself and gets no statement. */
  void refused();
}
