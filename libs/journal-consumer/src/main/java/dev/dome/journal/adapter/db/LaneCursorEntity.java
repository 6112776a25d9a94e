package dev.dome.journal.adapter.db;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code lane_cursor}. */
@Entity(name = "LaneCursor")
@Table(name = "lane_cursor")
class LaneCursorEntity {
  @Id int lane;

  @Column(nullable = false)
  long position;

  LaneCursorEntity() {}

  LaneCursorEntity(int lane, long position) {
    this.lane = lane;
    this.position = position;
  }
}
