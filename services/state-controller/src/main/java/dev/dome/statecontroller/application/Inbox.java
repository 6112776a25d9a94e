package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;

/**
 * Brings the messages of lanes into the {@link Mailbox}, in the order of the stream, at least once.
 * Neither method waits for the network.
 */
public interface Inbox {
  /** Starts to read a lane after the cursor; what it brings names the reader. */
  void open(Lane lane, long reader, InboxCursor after);

  /** Stops to read a lane; a message under way may still arrive. */
  void close(Lane lane);
}
