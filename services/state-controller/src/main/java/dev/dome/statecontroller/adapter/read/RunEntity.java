package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.RunStatus;
import dev.dome.statecontroller.application.read.RunRecord;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** Table run, without the columns that only the writer needs. */
@Entity
@Immutable
@Table(name = "run")
class RunEntity {
  @Id String runUid;
  String namespace;
  String runId;
  String status;
  boolean paused;
  long sequence;
  String headHash;
  String stateHash;
  int deciderVersion;
  String policyDigest;
  String submitter;
  String reasonCode;
  long createdAtMs;
  long changedAtMs;
  String redriveOf;

  RunRecord toRecord() {
    return new RunRecord(
        new RunUid(runUid),
        new NamespaceId(namespace),
        new RunId(runId),
        RunStatus.valueOf(status),
        paused,
        sequence,
        headHash,
        stateHash,
        deciderVersion,
        policyDigest,
        submitter,
        reasonCode == null ? null : new ReasonCode(reasonCode),
        createdAtMs,
        changedAtMs,
        redriveOf == null ? null : new RunId(redriveOf));
  }
}
