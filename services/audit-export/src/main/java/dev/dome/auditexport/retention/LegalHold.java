package dev.dome.auditexport.retention;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;

/**
 * What keeps records from being purged, whatever their class says.
 *
 * @param holdId a name of the caller's, used once in a namespace
 * @param runId null holds the whole namespace
 * @param authority by whose order
 * @param release null while it is in force
 */
public record LegalHold(
    NamespaceId namespace,
    String holdId,
    RunId runId,
    String reason,
    String authority,
    String placedBy,
    long placedAtMs,
    Release release) {

  /** Who let it go, and why. */
  public record Release(String by, long atMs, String reason) {}

  /** A hold that somebody wants. */
  public record Wanted(
      NamespaceId namespace,
      String holdId,
      RunId runId,
      String reason,
      String authority,
      String actor) {}
}
