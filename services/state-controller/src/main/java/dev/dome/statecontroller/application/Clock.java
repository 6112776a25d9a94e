package dev.dome.statecontroller.application;

/** The lane writer's clock. Whether a lane is still held is never asked here, only in the store. */
@FunctionalInterface
public interface Clock {
  /** Milliseconds since the epoch. */
  long nowMs();
}
