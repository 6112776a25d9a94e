package dev.dome.provenance.adapter.db;

import dev.dome.transparency.TreeHead;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code log_head}. */
@Entity(name = "LogHead")
@Table(name = "log_head")
class LogHeadEntity {
  @Id String origin;

  @Column(nullable = false)
  long size;

  @Column(nullable = false)
  byte[] root;

  @Column(nullable = false)
  long epoch;

  @Column(nullable = false)
  String holder;

  @Column(name = "until_ms", nullable = false)
  long untilMs;

  String checkpoint;

  @Column(name = "checkpoint_size", nullable = false)
  long checkpointSize;

  LogHeadEntity() {}

  TreeHead head() {
    return new TreeHead(size, root);
  }
}
