package dev.dome.provenance.adapter.db;

import dev.dome.provenance.application.PurgeStore;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The row of {@code tombstone_cursor}. */
@Entity(name = "TombstoneCursor")
@Table(name = "tombstone_cursor")
class TombstoneCursorEntity {
  @Id
  @Column(name = "only_row")
  boolean onlyRow;

  @Column(name = "tombstone_index", nullable = false)
  long index;

  @Column(nullable = false)
  String digest;

  TombstoneCursorEntity() {}

  PurgeStore.Place place() {
    return new PurgeStore.Place(index, digest);
  }
}
