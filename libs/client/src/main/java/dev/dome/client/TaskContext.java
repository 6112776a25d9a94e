package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.model.Grant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One attempt in work: what was granted, its progress and whether it should stop. */
public final class TaskContext {
  private final Grant grant;
  private final AtomicReference<JsonNode> progress = new AtomicReference<>();
  private final AtomicReference<CancelReason> cancelled = new AtomicReference<>();

  /** A context of its own, for handlers that run outside a {@link Worker}, such as in tests. */
  public TaskContext(Grant grant) {
    this.grant = grant;
  }

  public Grant grant() {
    return grant;
  }

  public String runId() {
    return grant.runId();
  }

  public String taskId() {
    return grant.taskId();
  }

  /** From 1. */
  public int attempt() {
    return grant.attempt();
  }

  public String goal() {
    return grant.goal();
  }

  public JsonNode inputs() {
    return grant.inputs();
  }

  /** Sent with the next heartbeat. */
  public void report(JsonNode newProgress) {
    progress.set(newProgress);
  }

  /** Why this attempt should stop; empty while it should go on. */
  public Optional<CancelReason> cancelled() {
    return Optional.ofNullable(cancelled.get());
  }

  JsonNode progress() {
    return progress.get();
  }

  /** Whether this call was the first to cancel. */
  boolean cancel(CancelReason reason) {
    return cancelled.compareAndSet(null, reason);
  }
}
