package dev.dome.provenance.adapter.db;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.provenance.application.CompletedRun;
import dev.dome.provenance.application.ProvenanceStore.Awaiting;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code completed_run}. */
@Entity(name = "CompletedRun")
@Table(name = "completed_run")
class CompletedRunEntity {
  @Id
  @Column(name = "run_uid")
  String runUid;

  @Column(nullable = false)
  String namespace;

  @Column(name = "run_id", nullable = false)
  String runId;

  @Column(nullable = false)
  long sequence;

  @Column(name = "head_hash", nullable = false)
  String headHash;

  @Column(name = "completed_at_ms", nullable = false)
  long completedAtMs;

  @Column(nullable = false)
  boolean settled;

  @Column(nullable = false)
  int attempts;

  @Column(name = "due_at_ms", nullable = false)
  long dueAtMs;

  CompletedRunEntity() {}

  Awaiting awaiting() {
    return new Awaiting(
        new CompletedRun(
            new RunUid(runUid),
            new NamespaceId(namespace),
            new RunId(runId),
            sequence,
            headHash,
            completedAtMs),
        attempts);
  }
}
