package dev.dome.statecontroller.adapter.read;

import dev.dome.statecontroller.application.read.LateReportView;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** Table late_report. */
@Entity
@Immutable
@Table(name = "late_report")
class LateReportEntity {
  @Id String operationId;
  String runUid;
  String attemptId;
  String reasonCode;
  String actor;
  String body;
  long receivedAtMs;

  LateReportView toView() {
    return LateReportView.of(operationId, runUid, attemptId, reasonCode, actor, body, receivedAtMs);
  }
}
