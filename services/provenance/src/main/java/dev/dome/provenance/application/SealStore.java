package dev.dome.provenance.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.Sha256;
import dev.dome.transparency.Envelope;
import dev.dome.transparency.Growth;
import dev.dome.transparency.LogStore;
import java.util.List;
import java.util.Optional;

/**
 * Statements and the log that holds them, durably. Every method is one transaction and returns when
 * it is over, so none may be called on an event loop.
 */
public interface SealStore extends LogStore {

  /**
   * Makes the holder the log's one sequencer, or keeps it that.
   *
   * @return false when another one is, and its time is not over
   */
  boolean claim(String holder, long nowMs, long untilMs);

  /** What awaits its statements, the first stored first. */
  List<Unsealed> unsealed(int limit);

  /** How much awaits its statements, and since when. */
  Backlog backlog();

  /**
   * Stores statements, grows the log by their entries, and what they are of awaits nothing more.
   *
   * @throws StaleHeadException when the log is not where the growth begins, another one is its
   *     sequencer, or something was sealed by somebody else; nothing was stored
   */
  void seal(Growth growth, List<Sealed> statements, List<Long> seqs);

  /** The statements of a run and of its replays, in the order of the log. */
  List<Sealed> statements(NamespaceId namespace, RunId runId);

  /** The statement of a tombstone; empty before it was signed, and in other namespaces. */
  Optional<Sealed> ofTombstone(NamespaceId namespace, Sha256 digest);

  /**
   * A statement that is in the log.
   *
   * @param sealedAtMs epoch milliseconds
   */
  record Sealed(
      long logIndex,
      StatementKind kind,
      String subject,
      String namespace,
      String runId,
      Envelope envelope,
      long sealedAtMs) {}

  /**
   * What awaits its statements.
   *
   * @param oldestMs epoch milliseconds since which the first waits, 0 when none does
   */
  record Backlog(long count, long oldestMs) {}
}
