package dev.dome.provenance.adapter.db;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.provenance.application.PurgedRecords;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code tombstone}. */
@Entity(name = "Tombstone")
@Table(name = "tombstone")
class TombstoneEntity {
  @Id String digest;

  @Column(name = "tombstone_index", nullable = false)
  long index;

  @Column(nullable = false)
  String namespace;

  @Column(nullable = false)
  String document;

  @Column(name = "stored_at_ms", nullable = false)
  long storedAtMs;

  TombstoneEntity() {}

  PurgedRecords purged() {
    return new PurgedRecords(index, digest, new NamespaceId(namespace), document);
  }
}
