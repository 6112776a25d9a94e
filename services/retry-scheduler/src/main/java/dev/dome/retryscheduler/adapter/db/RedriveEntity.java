package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.retryscheduler.application.DeadLetter;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A row of {@code redrive}. */
@Entity(name = "Redrive")
@Table(name = "redrive")
@IdClass(RedriveEntity.Key.class)
class RedriveEntity {
  @Id
  @Column(name = "dead_letter_id")
  String deadLetterId;

  @Id
  @Column(name = "run_uid")
  String runUid;

  @Column(name = "run_id", nullable = false)
  String runId;

  @Column(nullable = false)
  String namespace;

  @Column(nullable = false)
  String actor;

  @Column(name = "reason_code", nullable = false)
  String reasonCode;

  @Column(nullable = false)
  String comment;

  @Column(name = "at_ms", nullable = false)
  long atMs;

  RedriveEntity() {}

  /** A task is tried again at most once by each run. */
  record Key(String deadLetterId, String runUid) {}

  static RedriveEntity of(DeadLetter.Redrive redrive) {
    RedriveEntity entity = new RedriveEntity();
    entity.deadLetterId = redrive.deadLetterId();
    entity.runUid = redrive.runUid().value();
    entity.runId = redrive.runId().value();
    entity.namespace = redrive.namespace().value();
    entity.actor = redrive.actor();
    entity.reasonCode = redrive.reasonCode().value();
    entity.comment = redrive.comment();
    entity.atMs = redrive.atMs();
    return entity;
  }

  DeadLetter.Redrive redrive() {
    return new DeadLetter.Redrive(
        deadLetterId,
        new NamespaceId(namespace),
        new RunUid(runUid),
        new RunId(runId),
        actor,
        new ReasonCode(reasonCode),
        comment,
        atMs);
  }
}
