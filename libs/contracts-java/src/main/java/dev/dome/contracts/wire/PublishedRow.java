package dev.dome.contracts.wire;

import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;

/**
 * A journal row as DOME_JOURNAL carries it: what a consumer needs of the controller's row, without
 * the kernel.
 *
 * @param lanePosition from 1, gapless within the lane
 * @param prevHash hash of the row before it in the run
 * @param hash SHA-256 over the canonical JSON of every other component
 */
public record PublishedRow(
    RunUid runUid,
    NamespaceId namespace,
    Lane lane,
    long lanePosition,
    Kind kind,
    EventEnvelope envelope,
    String prevHash,
    String hash) {

  /** INPUT rows hold what came from outside, EVENT rows what the kernel derived. */
  public enum Kind {
    INPUT,
    EVENT
  }
}
