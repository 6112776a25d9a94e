package dev.dome.messaging;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Outcome;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.CoreMessages.Incoming;
import dev.dome.messaging.CoreMessages.Listening;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Waits for outcomes by operation id on one process's reply subject. An outcome that is not awaited
 * (any more) is dropped: it can be read at its operation URL.
 */
public final class OutcomeAwaiter implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(OutcomeAwaiter.class.getName());

  private final Map<String, CompletableFuture<Awaited>> waiting = new ConcurrentHashMap<>();
  private final CoreMessages core;
  private final Listening listening;
  private final String replyTo;
  private final int window;

  /**
   * @param processId unique among processes; letters, digits and dashes
   */
  public OutcomeAwaiter(NatsLink link, String processId) {
    this.core = link.core();
    this.replyTo = Subjects.replies(processId);
    this.window = link.budget().outcomeWindow();
    this.listening = core.listen(replyTo, this::arrived);
  }

  /** What the wait came to. Futures of it never complete exceptionally. */
  public sealed interface Awaited {
    record Arrived(Outcome outcome) implements Awaited {}

    /** The wait was over first, or the window was full: the outcome is at the operation URL. */
    record NotYet() implements Awaited {}
  }

  /** What goes into {@code InboxMessage.replyTo}. */
  public String replyTo() {
    return replyTo;
  }

  /** Waits for an operation's outcome; call it before the message is published. */
  public CompletableFuture<Awaited> await(String operationId, Duration patience) {
    if (waiting.size() >= window) {
      return CompletableFuture.completedFuture(new Awaited.NotYet());
    }
    CompletableFuture<Awaited> future = new CompletableFuture<>();
    waiting.put(operationId, future);
    future.completeOnTimeout(new Awaited.NotYet(), patience.toMillis(), TimeUnit.MILLISECONDS);
    return future.whenComplete((awaited, bug) -> waiting.remove(operationId, future));
  }

  /** Stops waiting for an operation that was not published after all. */
  public void forget(String operationId) {
    CompletableFuture<Awaited> future = waiting.get(operationId);
    if (future != null) {
      future.complete(new Awaited.NotYet());
    }
  }

  public int waiting() {
    return waiting.size();
  }

  private void arrived(Incoming message) {
    Outcome outcome;
    try {
      outcome = Json.read(message.body(), Outcome.class);
    } catch (IllegalArgumentException e) {
      LOG.log(Level.ERROR, "an outcome is not readable", e);
      return;
    }
    CompletableFuture<Awaited> future = waiting.get(outcome.operationId());
    if (future != null) {
      future.complete(new Awaited.Arrived(outcome));
    }
  }

  /** Stops listening; whoever still waits is told NotYet. */
  @Override
  public void close() {
    listening.close();
    core.close();
    waiting.keySet().forEach(this::forget);
  }
}
