package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.Outcome;
import dev.dome.statecontroller.application.read.OperationReads.OperationRecord;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import org.hibernate.annotations.Immutable;

/** Table operation; the outcome is JSON text. */
@Entity
@Immutable
@Table(name = "operation")
@IdClass(OperationEntity.Key.class)
class OperationEntity {
  record Key(String namespace, String operationId) {}

  @Id String namespace;
  @Id String operationId;
  String principal;
  String outcome;
  long createdAtMs;
  String kind;
  String runId;
  String repeats;
  String keyFingerprint;
  Boolean keyDerived;
  String bodyFingerprint;

  OperationRecord toRecord() {
    return new OperationRecord(
        operationId,
        principal,
        Json.read(outcome.getBytes(StandardCharsets.UTF_8), Outcome.class),
        createdAtMs,
        kind == null ? null : InboxKind.valueOf(kind),
        runId == null ? null : new RunId(runId),
        repeats,
        keyFingerprint,
        keyDerived,
        bodyFingerprint);
  }
}
