package dev.dome.kernel;

import dev.dome.contracts.artifact.EventEnvelope;

/** A journal row before it has a lane position: the kernel's own part of it. */
public record JournalEntry(Kind kind, EventEnvelope envelope) {
  /** INPUT rows hold what came from outside, EVENT rows what the kernel derived. */
  public enum Kind {
    INPUT,
    EVENT
  }
}
