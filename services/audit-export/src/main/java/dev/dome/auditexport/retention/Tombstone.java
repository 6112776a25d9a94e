package dev.dome.auditexport.retention;

import java.util.List;

/**
 * What is left of a purged run, or of a namespace's access decisions of a month.
 *
 * @param index from 0, gapless over all namespaces
 * @param document what is said, in canonical JSON
 * @param digest SHA-256 of the document
 */
public record Tombstone(long index, String document, String digest) {

  /**
   * With what a proof of a single record needs.
   *
   * @param recordHashes of the run's rows, in order
   */
  public record WithHashes(Tombstone tombstone, List<String> recordHashes) {}
}
