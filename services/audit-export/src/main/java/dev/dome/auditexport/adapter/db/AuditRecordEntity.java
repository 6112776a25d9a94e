package dev.dome.auditexport.adapter.db;

import dev.dome.auditexport.application.AuditEntry;
import dev.dome.auditexport.application.AuditRecord;
import dev.dome.auditexport.application.RecordKind;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.RowFacets;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A row of {@code audit_record}; the columns of the other kind are null. */
@Entity(name = "AuditRecord")
@Table(name = "audit_record")
class AuditRecordEntity {
  @Id
  @Column(name = "log_index")
  long logIndex;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  RecordKind kind;

  @Column(nullable = false)
  String namespace;

  @Column(name = "at_ms", nullable = false)
  long atMs;

  @Column(name = "run_id")
  String runId;

  String actor;

  String topic;

  @Column(name = "reason_codes", nullable = false)
  String reasonCodes;

  @Column(nullable = false)
  String document;

  Integer lane;

  @Column(name = "lane_position")
  Long lanePosition;

  @Column(name = "run_uid")
  String runUid;

  Long sequence;

  @Enumerated(EnumType.STRING)
  @Column(name = "row_kind")
  PublishedRow.Kind rowKind;

  @Column(name = "prev_hash")
  String prevHash;

  String hash;

  String incarnation;

  @Column(name = "stream_sequence")
  Long streamSequence;

  Integer ordinal;

  String service;

  AuditRecordEntity() {}

  static AuditRecordEntity of(long logIndex, AuditEntry.Incoming entry) {
    AuditRecordEntity entity = new AuditRecordEntity();
    entity.logIndex = logIndex;
    entity.namespace = entry.namespace().value();
    entity.atMs = entry.atMs();
    entity.runId = entry.runId().map(RunId::value).orElse(null);
    entity.actor = entry.actor().orElse(null);
    entity.topic = entry.topic().orElse(null);
    entity.reasonCodes = listed(entry.reasonCodes());
    switch (entry) {
      case AuditEntry.Journal journal -> entity.fill(journal);
      case AuditEntry.Access access -> entity.fill(access);
    }
    return entity;
  }

  private void fill(AuditEntry.Journal journal) {
    kind = RecordKind.JOURNAL;
    document = journal.envelope();
    lane = journal.lane().number();
    lanePosition = journal.lanePosition();
    runUid = journal.runUid().value();
    sequence = journal.sequence();
    rowKind = journal.rowKind();
    prevHash = journal.prevHash();
    hash = journal.hash();
  }

  private void fill(AuditEntry.Access access) {
    kind = RecordKind.ACCESS;
    document = new String(Json.write(access.decision()), StandardCharsets.UTF_8);
    incarnation = access.incarnation();
    streamSequence = access.sequence();
    ordinal = access.ordinal();
    service = access.service();
  }

  AuditRecord record() {
    return new AuditRecord(
        logIndex,
        switch (kind) {
          case JOURNAL -> journal();
          case ACCESS -> access();
          case ADMIN -> act();
        });
  }

  private AuditEntry.Journal journal() {
    return new AuditEntry.Journal(
        new NamespaceId(namespace),
        new RunUid(runUid),
        sequence,
        new Lane(lane),
        lanePosition,
        rowKind,
        document,
        prevHash,
        hash,
        new RowFacets(atMs, new RunId(runId), topic, Optional.ofNullable(actor), codes()));
  }

  private AuditEntry.Access access() {
    return new AuditEntry.Access(
        incarnation,
        streamSequence,
        ordinal,
        service,
        Json.read(document.getBytes(StandardCharsets.UTF_8), AccessDecision.class));
  }

  private AuditEntry.Act act() {
    return new AuditEntry.Act(
        new NamespaceId(namespace),
        sequence,
        prevHash,
        hash,
        document,
        new AuditEntry.Act.About(atMs, Optional.ofNullable(runId).map(RunId::new), actor, topic));
  }

  /** Codes between blanks, so that one is found as a whole and never as a part of another. */
  private static String listed(List<ReasonCode> codes) {
    return codes.isEmpty()
        ? ""
        : codes.stream().map(ReasonCode::value).collect(Collectors.joining(" ", " ", " "));
  }

  private List<ReasonCode> codes() {
    return Arrays.stream(reasonCodes.strip().split(" ", -1))
        .filter(code -> !code.isEmpty())
        .map(ReasonCode::new)
        .toList();
  }
}
