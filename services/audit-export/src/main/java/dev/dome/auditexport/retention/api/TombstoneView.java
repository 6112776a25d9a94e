package dev.dome.auditexport.retention.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.dome.auditexport.retention.Tombstone;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What is left of a purged run, or of the access decisions of a month.
 *
 * @param index in the order of all tombstones
 * @param digest SHA-256 of the document's canonical JSON
 * @param document kind, run, first and last sequence, number of records, the hash of the last row,
 *     the digest of all hashes, class, days, month, authority, reason, who and when
 * @param recordHashes of the run's rows in order; absent in lists
 */
public record TombstoneView(
    long index,
    String digest,
    @JsonRawValue @Schema(implementation = Object.class) String document,
    List<String> recordHashes) {

  static TombstoneView of(Tombstone tombstone) {
    return new TombstoneView(tombstone.index(), tombstone.digest(), tombstone.document(), null);
  }

  static TombstoneView of(Tombstone.WithHashes found) {
    Tombstone tombstone = found.tombstone();
    return new TombstoneView(
        tombstone.index(), tombstone.digest(), tombstone.document(), found.recordHashes());
  }
}
