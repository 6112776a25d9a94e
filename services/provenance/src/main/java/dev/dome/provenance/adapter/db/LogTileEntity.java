package dev.dome.provenance.adapter.db;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A row of {@code log_tile}. */
@Entity(name = "LogTile")
@Table(name = "log_tile")
@IdClass(LogTileEntity.Key.class)
class LogTileEntity {
  @Id int level;

  @Id
  @Column(name = "index")
  long index;

  @Column(nullable = false)
  byte[] body;

  LogTileEntity() {}

  /** Which tile. */
  record Key(int level, long index) {}
}
