package dev.dome.auditexport.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which records of a namespace are wanted; null asks for any.
 *
 * @param kinds any one of these
 * @param runIds any one of these
 * @param fromMs at this time or later, epoch milliseconds
 * @param toMs before this time
 */
public record AuditQuery(
    NamespaceId namespace,
    Set<RecordKind> kinds,
    List<RunId> runIds,
    String actor,
    ReasonCode reasonCode,
    String topic,
    Long fromMs,
    Long toMs) {

  /**
   * What an export of a run takes: acts about it, such as a hold, are of the namespace's chain and
   * say nothing of the run.
   */
  public static AuditQuery ofRun(NamespaceId namespace, RunId runId) {
    return new AuditQuery(
        namespace,
        EnumSet.of(RecordKind.JOURNAL, RecordKind.ACCESS),
        List.of(runId),
        null,
        null,
        null,
        null,
        null);
  }

  /** What happened in a namespace from one time on and before another, in epoch milliseconds. */
  public static AuditQuery ofRange(NamespaceId namespace, long fromMs, long toMs) {
    return new AuditQuery(namespace, null, null, null, null, null, fromMs, toMs);
  }

  /** Those of one kind among them. */
  public AuditQuery only(RecordKind one) {
    return new AuditQuery(
        namespace, EnumSet.of(one), runIds, actor, reasonCode, topic, fromMs, toMs);
  }
}
