package dev.dome.devstack;

import java.time.Duration;

/** Hears what the stack is doing; called from several threads. */
public interface Progress {
  void started(String step);

  void finished(String step, Duration took);

  /** Says nothing. */
  static Progress silent() {
    return new Progress() {
      @Override
      public void started(String step) {}

      @Override
      public void finished(String step, Duration took) {}
    };
  }

  /** Runs the step between both calls; a failure is not reported as finished. */
  default void step(String name, Runnable work) {
    var began = System.nanoTime();
    started(name);
    work.run();
    finished(name, Duration.ofNanos(System.nanoTime() - began));
  }
}
