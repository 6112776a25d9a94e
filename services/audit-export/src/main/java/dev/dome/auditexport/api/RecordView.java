package dev.dome.auditexport.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.dome.auditexport.application.AuditEntry;
import dev.dome.auditexport.application.AuditRecord;
import dev.dome.auditexport.application.RecordKind;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.PublishedRow;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A record as auditors see it; journal, access or admin is present, by kind.
 *
 * @param at RFC 3339 UTC, when it happened
 */
public record RecordView(
    long logIndex,
    RecordKind kind,
    NamespaceId namespace,
    String at,
    RunId runId,
    String actor,
    String topic,
    List<ReasonCode> reasonCodes,
    JournalView journal,
    AccessView access,
    ActView admin) {

  /**
   * A row of the run's journal.
   *
   * @param envelope word by word as it was hashed
   */
  public record JournalView(
      RunUid runUid,
      long sequence,
      int lane,
      long lanePosition,
      PublishedRow.Kind rowKind,
      @JsonRawValue @Schema(implementation = EventEnvelope.class) String envelope,
      String prevHash,
      String hash) {}

  /**
   * An access decision.
   *
   * @param incarnation with sequence and ordinal the decision's identity in DOME_ACCESS
   */
  public record AccessView(
      String service, String incarnation, long sequence, int ordinal, AccessDecision decision) {}

  /**
   * An act on the audit itself.
   *
   * @param document what was done, and by SHA-256 what the hash is of, in canonical JSON
   */
  public record ActView(
      long sequence,
      @JsonRawValue @Schema(implementation = Object.class) String document,
      String prevHash,
      String hash) {}

  static RecordView of(AuditRecord record) {
    AuditEntry entry = record.entry();
    return new RecordView(
        record.logIndex(),
        switch (entry) {
          case AuditEntry.Journal journal -> RecordKind.JOURNAL;
          case AuditEntry.Access access -> RecordKind.ACCESS;
          case AuditEntry.Act act -> RecordKind.ADMIN;
        },
        entry.namespace(),
        Timestamps.format(entry.atMs()),
        entry.runId().orElse(null),
        entry.actor().orElse(null),
        entry.topic().orElse(null),
        entry.reasonCodes(),
        entry instanceof AuditEntry.Journal journal ? of(journal) : null,
        entry instanceof AuditEntry.Access access ? of(access) : null,
        entry instanceof AuditEntry.Act act
            ? new ActView(act.sequence(), act.document(), act.prevHash(), act.hash())
            : null);
  }

  private static JournalView of(AuditEntry.Journal journal) {
    return new JournalView(
        journal.runUid(),
        journal.sequence(),
        journal.lane().number(),
        journal.lanePosition(),
        journal.rowKind(),
        journal.envelope(),
        journal.prevHash(),
        journal.hash());
  }

  private static AccessView of(AuditEntry.Access access) {
    return new AccessView(
        access.service(),
        access.incarnation(),
        access.sequence(),
        access.ordinal(),
        access.decision());
  }
}
