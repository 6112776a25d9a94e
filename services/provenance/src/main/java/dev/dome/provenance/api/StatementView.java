package dev.dome.provenance.api;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.RunId;
import dev.dome.provenance.application.SealStore.Sealed;

/**
 * A statement as it is listed.
 *
 * @param statement its name in the path of its bundle: provenance, run-gate, vsa or replay
 * @param subject the run's uid, or the replay's id
 * @param logIndex its leaf in the transparency log
 * @param sealedAt RFC 3339 UTC
 */
public record StatementView(
    String statement,
    String predicateType,
    RunId runId,
    String subject,
    long logIndex,
    String keyId,
    String sealedAt) {

  static StatementView of(Sealed sealed) {
    return new StatementView(
        sealed.kind().pathName(),
        sealed.kind().predicateType(),
        new RunId(sealed.runId()),
        sealed.subject(),
        sealed.logIndex(),
        sealed.envelope().keyId(),
        Timestamps.format(sealed.sealedAtMs()));
  }
}
