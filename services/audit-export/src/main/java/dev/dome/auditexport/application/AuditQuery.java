package dev.dome.auditexport.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import java.util.List;

/**
 * Which records of a namespace are wanted; null asks for any.
 *
 * @param runIds any one of these
 * @param fromMs at this time or later, epoch milliseconds
 * @param toMs before this time
 */
public record AuditQuery(
    NamespaceId namespace,
    RecordKind kind,
    List<RunId> runIds,
    String actor,
    ReasonCode reasonCode,
    String topic,
    Long fromMs,
    Long toMs) {

  /** Everything about one run. */
  public static AuditQuery ofRun(NamespaceId namespace, RunId runId) {
    return new AuditQuery(namespace, null, List.of(runId), null, null, null, null, null);
  }

  /** Those of one kind among them. */
  public AuditQuery only(RecordKind one) {
    return new AuditQuery(namespace, one, runIds, actor, reasonCode, topic, fromMs, toMs);
  }
}
