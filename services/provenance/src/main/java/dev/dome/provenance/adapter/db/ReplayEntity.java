package dev.dome.provenance.adapter.db;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.provenance.application.Replay;
import dev.dome.verification.Finding;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code replay}. */
@Entity(name = "Replay")
@Table(name = "replay")
class ReplayEntity {
  /** A difference may quote a whole document; its place is told anyway. */
  private static final int MAX_QUOTE = 4_000;

  private static final String MATCH = "MATCH";
  private static final String DIFFERENCE = "DIFFERENCE";

  @Id
  @Column(name = "replay_id")
  String replayId;

  @Column(nullable = false)
  String namespace;

  @Column(name = "run_id", nullable = false)
  String runId;

  @Column(name = "requested_by", nullable = false)
  String requestedBy;

  @Column(name = "verified_at_ms", nullable = false)
  long verifiedAtMs;

  @Column(nullable = false)
  String result;

  @Column(nullable = false)
  long sequence;

  @Column(name = "run_uid")
  String runUid;

  String status;
  Boolean complete;

  @Column(name = "head_hash")
  String headHash;

  @Column(name = "state_sha256")
  String stateSha256;

  String what;
  String recorded;
  String derived;

  ReplayEntity() {}

  static ReplayEntity of(Replay replay) {
    ReplayEntity entity = new ReplayEntity();
    entity.replayId = replay.replayId();
    entity.namespace = replay.namespace().value();
    entity.runId = replay.runId().value();
    entity.requestedBy = replay.requestedBy();
    entity.verifiedAtMs = replay.verifiedAtMs();
    switch (replay.finding()) {
      case Finding.Match match -> entity.found(match);
      case Finding.Difference difference -> entity.found(difference);
    }
    return entity;
  }

  private void found(Finding.Match match) {
    result = MATCH;
    sequence = match.sequence();
    runUid = match.runUid().value();
    status = match.status();
    complete = match.complete();
    headHash = match.headHash();
    stateSha256 = match.stateSha256();
  }

  private void found(Finding.Difference difference) {
    result = DIFFERENCE;
    sequence = difference.sequence();
    what = quote(difference.what());
    recorded = quote(difference.recorded());
    derived = quote(difference.derived());
  }

  private static String quote(String text) {
    return text.length() <= MAX_QUOTE ? text : text.substring(0, MAX_QUOTE) + "…";
  }

  Replay replay() {
    return new Replay(
        replayId,
        new NamespaceId(namespace),
        new RunId(runId),
        requestedBy,
        verifiedAtMs,
        result.equals(MATCH)
            ? new Finding.Match(
                new RunUid(runUid),
                new NamespaceId(namespace),
                new RunId(runId),
                sequence,
                status,
                complete,
                headHash,
                stateSha256)
            : new Finding.Difference(sequence, what, recorded, derived));
  }
}
