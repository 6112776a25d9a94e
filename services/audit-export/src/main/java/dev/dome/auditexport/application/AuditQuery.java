package dev.dome.auditexport.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;

/**
 * Which records of a namespace are wanted; null asks for any.
 *
 * @param fromMs at this time or later, epoch milliseconds
 * @param toMs before this time
 */
public record AuditQuery(
    NamespaceId namespace,
    RecordKind kind,
    RunId runId,
    String actor,
    ReasonCode reasonCode,
    String topic,
    Long fromMs,
    Long toMs) {

  /** Everything about one run. */
  public static AuditQuery ofRun(NamespaceId namespace, RunId runId) {
    return new AuditQuery(namespace, null, runId, null, null, null, null, null);
  }
}
