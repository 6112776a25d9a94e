package dev.dome.provenance.api;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.provenance.application.Replay;
import dev.dome.verification.Finding;

/**
 * A replay as clients see it. A MATCH has the fields from runUid to stateSha256, a DIFFERENCE those
 * from what to derived.
 *
 * @param verifiedAt RFC 3339 UTC
 * @param sequence of the ledger's last row, or of the first row that differs
 */
public record ReplayView(
    String replayId,
    NamespaceId namespace,
    RunId runId,
    String requestedBy,
    String verifiedAt,
    Result result,
    long sequence,
    RunUid runUid,
    String status,
    Boolean complete,
    String headHash,
    String stateSha256,
    String what,
    String recorded,
    String derived) {

  /** What was found. */
  public enum Result {
    MATCH,
    DIFFERENCE
  }

  static ReplayView of(Replay replay) {
    return switch (replay.finding()) {
      case Finding.Match match -> of(replay, match);
      case Finding.Difference difference -> of(replay, difference);
    };
  }

  private static ReplayView of(Replay replay, Finding.Match match) {
    return new ReplayView(
        replay.replayId(),
        replay.namespace(),
        replay.runId(),
        replay.requestedBy(),
        Timestamps.format(replay.verifiedAtMs()),
        Result.MATCH,
        match.sequence(),
        match.runUid(),
        match.status(),
        match.complete(),
        match.headHash(),
        match.stateSha256(),
        null,
        null,
        null);
  }

  private static ReplayView of(Replay replay, Finding.Difference difference) {
    return new ReplayView(
        replay.replayId(),
        replay.namespace(),
        replay.runId(),
        replay.requestedBy(),
        Timestamps.format(replay.verifiedAtMs()),
        Result.DIFFERENCE,
        difference.sequence(),
        null,
        null,
        null,
        null,
        null,
        difference.what(),
        difference.recorded(),
        difference.derived());
  }
}
