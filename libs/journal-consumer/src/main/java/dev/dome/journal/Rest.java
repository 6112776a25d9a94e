package dev.dome.journal;

/** Lets some time pass. */
@FunctionalInterface
public interface Rest {

  /** Runs what comes next after a rest, on any thread; called once for each. */
  void then(Runnable next);
}
