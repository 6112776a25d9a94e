package dev.dome.ingest.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.Outcome;

/** What a caller of a write learns. */
public sealed interface Answer {

  /** The controller committed a decision, an acceptance or a rejection. */
  record Decided(Outcome outcome) implements Answer {}

  /** Durable, but not decided yet; the operation's page will tell. */
  record Queued(NamespaceId namespace, String operationId) implements Answer {}

  /** Not accepted; nothing of it is stored. */
  record Refused(Refusal refusal) implements Answer {}

  /**
   * The way to durability is blocked.
   *
   * @param stored {@link Stored#NO} when nothing was written, {@link Stored#UNKNOWN} when the
   *     request may have been; a repeat with the same key is safe either way
   * @param operationId under which it would have been stored, null when it did not come so far
   */
  record Unavailable(Stored stored, Refusal refusal, int retryAfterSeconds, String operationId)
      implements Answer {

    /** Blocked before it became an operation. */
    Unavailable(Stored stored, Refusal refusal, int retryAfterSeconds) {
      this(stored, refusal, retryAfterSeconds, null);
    }
  }

  /** Whether an unavailable answer leaves something behind. */
  enum Stored {
    NO,
    UNKNOWN
  }
}
