package dev.dome.provenance.application;

import dev.dome.verification.Manifest;

/** What awaits its statements. */
public sealed interface Unsealed {
  /** Its place in the order of sealing. */
  long seq();

  /** Epoch milliseconds at which it was stored. */
  long sinceMs();

  /** A run with its manifest. */
  record OfRun(long seq, long sinceMs, CompletedRun run, Manifest manifest, long manifestedAtMs)
      implements Unsealed {}

  /** A replay that somebody asked for, or that found a difference. */
  record OfReplay(long seq, long sinceMs, Replay replay) implements Unsealed {}

  /** What the audit purged. */
  record OfPurge(long seq, long sinceMs, PurgedRecords purged) implements Unsealed {}
}
