package dev.dome.auditexport.adapter.db;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The row of {@code log_head}. */
@Entity(name = "LogHead")
@Table(name = "log_head")
class LogHeadEntity {
  @Id
  @Column(name = "only_row")
  boolean onlyRow;

  @Column(name = "size", nullable = false)
  long records;
}
