package dev.dome.client;

/**
 * Works one attempt of a task.
 *
 * <p>The thread is interrupted when the lease is lost or the run is cancelled: what the handler
 * returns after that is dropped. An exception is reported as a failure.
 */
@FunctionalInterface
public interface TaskHandler {
  Result handle(TaskContext task) throws Exception;
}
