package dev.dome.ingest.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Claim;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The requests of the worker protocol that a controller answers and that are stored nowhere.
 * Answers never complete exceptionally.
 */
public interface Workers {

  /** Parked by a controller until a task is ready. */
  CompletionStage<Response<Claim.Reply>> claim(Claim.Request request, Duration wait);

  /** Answered by the owner of the attempt's lane. */
  CompletionStage<Response<Claim.HeartbeatReply>> heartbeat(Lane lane, Claim.Heartbeat heartbeat);

  /** What came back. */
  sealed interface Response<T> {
    /** An answer. */
    record Answered<T>(T reply) implements Response<T> {}

    /** Nobody answered within the wait; whether anything was done is unknown. */
    record Silent<T>() implements Response<T> {}

    /** Nobody listens, or the message server is away. */
    record Nobody<T>() implements Response<T> {}
  }
}
