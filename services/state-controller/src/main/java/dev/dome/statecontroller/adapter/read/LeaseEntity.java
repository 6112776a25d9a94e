package dev.dome.statecontroller.adapter.read;

import dev.dome.statecontroller.application.read.RunReads.LeaseRecord;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** Table lease, without the columns that only the writer needs. */
@Entity
@Immutable
@Table(name = "lease")
class LeaseEntity {
  @Id String attemptId;
  String runUid;
  String workerId;
  long expiresAtMs;
  String progress;

  LeaseRecord toRecord() {
    return new LeaseRecord(attemptId, workerId, expiresAtMs, progress);
  }
}
