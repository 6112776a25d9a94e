package dev.dome.auditexport.adapter.db;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The row of {@code access_cursor}. */
@Entity(name = "AccessCursor")
@Table(name = "access_cursor")
class AccessCursorEntity {
  @Id
  @Column(name = "only_row")
  boolean onlyRow;

  @Column(nullable = false)
  String incarnation;

  @Column(nullable = false)
  long sequence;
}
