package dev.dome.transparency;

import java.util.Optional;

/**
 * Where a log is kept. Every method returns once what it did is durable. A log is grown first and
 * its checkpoint is signed after that, so no signature is ever of entries that may be lost.
 */
public interface LogStore extends TileSource {
  /** How far the log has been grown. */
  TreeHead head();

  /**
   * Stores tiles and head as one.
   *
   * @throws StaleHeadException when the log is not where the growth begins, or another process is
   *     its sequencer; nothing was stored
   */
  void grow(Growth growth);

  /** The last checkpoint that was published, as it was signed. */
  Optional<String> checkpoint();

  /** Publishes a checkpoint; one of a smaller or equal log than the published one is passed by. */
  void publish(String checkpoint);

  /** Somebody else grew the log. */
  final class StaleHeadException extends RuntimeException {
    public StaleHeadException(TreeHead expected) {
      super("the log is no longer at " + expected);
    }
  }
}
