package dev.dome.provenance.adapter.db;

import dev.dome.provenance.application.SealStore.Sealed;
import dev.dome.provenance.application.StatementKind;
import dev.dome.transparency.Envelope;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code statement}. */
@Entity(name = "Statement")
@Table(name = "statement")
class StatementEntity {
  @Id
  @Column(name = "log_index")
  long logIndex;

  @Column(nullable = false)
  String kind;

  @Column(nullable = false)
  String subject;

  @Column(nullable = false)
  String namespace;

  @Column(name = "run_id", nullable = false)
  String runId;

  @Column(nullable = false)
  byte[] payload;

  @Column(name = "key_id", nullable = false)
  String keyId;

  @Column(nullable = false)
  byte[] signature;

  @Column(name = "sealed_at_ms", nullable = false)
  long sealedAtMs;

  StatementEntity() {}

  static StatementEntity of(Sealed sealed) {
    StatementEntity entity = new StatementEntity();
    entity.logIndex = sealed.logIndex();
    entity.kind = sealed.kind().name();
    entity.subject = sealed.subject();
    entity.namespace = sealed.namespace();
    entity.runId = sealed.runId();
    entity.payload = sealed.envelope().payload();
    entity.keyId = sealed.envelope().keyId();
    entity.signature = sealed.envelope().signature();
    entity.sealedAtMs = sealed.sealedAtMs();
    return entity;
  }

  Sealed sealed() {
    return new Sealed(
        logIndex,
        StatementKind.valueOf(kind),
        subject,
        namespace,
        runId,
        new Envelope(payload, keyId, signature),
        sealedAtMs);
  }
}
