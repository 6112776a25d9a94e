package dev.dome.ingest.application;

import dev.dome.contracts.wire.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Decisions coming back from the controllers, matched by operation. */
public interface Outcomes {

  /** The subject controllers answer on. */
  String replyTo();

  /**
   * Starts listening at once, so call it before the message is published. Completes empty when the
   * wait ended first; never exceptionally.
   */
  CompletionStage<Optional<Outcome>> await(String operationId, Duration wait);

  /** Ends the listening of an operation that was not stored. */
  void forget(String operationId);
}
