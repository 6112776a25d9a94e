package dev.dome.ingest.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxMessage;
import java.util.concurrent.CompletionStage;

/** Where a message becomes durable. */
public interface Inbox {

  /** Completes with what is known; never exceptionally. */
  CompletionStage<Publication> publish(Lane lane, InboxMessage message);

  /** What became of a publish. */
  sealed interface Publication {
    /** On disk, at this position of the stream. */
    record Stored(long streamSequence) implements Publication {}

    /** The buffer, or the window of waiting publishes, is full; nothing was written. */
    record Full() implements Publication {}

    /** Larger than the server takes; nothing was written. */
    record TooLarge() implements Publication {}

    /** There has not been a connection yet; nothing was written. */
    record Away() implements Publication {}

    /** No acknowledgement came: it may be on disk or not. */
    record Unanswered() implements Publication {}
  }
}
