package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.LegalHold;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;

/**
 * A legal hold.
 *
 * @param runId absent where the whole namespace is held
 * @param placedAt RFC 3339 UTC, as for the other
 * @param released absent while it is in force
 */
public record HoldView(
    String holdId,
    NamespaceId namespace,
    RunId runId,
    String reason,
    String authority,
    String placedBy,
    String placedAt,
    ReleaseView released) {

  /** Who let it go, and why. */
  public record ReleaseView(String by, String at, String reason) {}

  static HoldView of(LegalHold hold) {
    return new HoldView(
        hold.holdId(),
        hold.namespace(),
        hold.runId(),
        hold.reason(),
        hold.authority(),
        hold.placedBy(),
        Timestamps.format(hold.placedAtMs()),
        hold.release() == null
            ? null
            : new ReleaseView(
                hold.release().by(),
                Timestamps.format(hold.release().atMs()),
                hold.release().reason()));
  }
}
