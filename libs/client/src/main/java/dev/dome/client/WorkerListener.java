package dev.dome.client;

import dev.dome.client.model.Reported;

/** Told what a {@link Worker} does, on the worker's threads: be quick. */
public interface WorkerListener {
  /** Listens to nothing. */
  WorkerListener NONE = new WorkerListener() {};

  /** An attempt was granted and its handler is about to run. */
  default void started(TaskContext task) {}

  /** The result was answered. */
  default void reported(TaskContext task, Result result, Reported answer) {}

  /** The attempt was stopped and its result dropped. */
  default void cancelled(TaskContext task, CancelReason reason) {}

  /** The server refused a claim or a result. */
  default void refused(String what, DomeException refusal) {}
}
