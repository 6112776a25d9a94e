package dev.dome.provenance.adapter.db;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code unsealed}; triggers write it. */
@Entity(name = "Unsealed")
@Table(name = "unsealed")
class UnsealedEntity {
  static final String RUN = "RUN";
  static final String REPLAY = "REPLAY";
  static final String TOMBSTONE = "TOMBSTONE";

  @Id long seq;

  @Column(nullable = false)
  String kind;

  @Column(nullable = false)
  String id;

  @Column(name = "since_ms", nullable = false)
  long sinceMs;

  UnsealedEntity() {}
}
