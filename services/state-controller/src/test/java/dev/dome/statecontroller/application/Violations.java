package dev.dome.statecontroller.application;

/**
 * The first thing that did not hold. Whoever finds one throws it as well, but the writer goes on
 * after whatever a port throws, so it is kept here until the simulation looks.
 */
public final class Violations {
  private AssertionError first;

  /** Runs a check and keeps what it finds. */
  public void check(Runnable check) {
    try {
      check.run();
    } catch (AssertionError e) {
      keep(e);
      throw e;
    }
  }

  /** Fails where the condition does not hold. */
  public void require(boolean holds, String what) {
    if (!holds) {
      AssertionError violation = new AssertionError(what);
      keep(violation);
      throw violation;
    }
  }

  private void keep(AssertionError violation) {
    if (first == null) {
      first = violation;
    }
  }

  /** Throws the first thing that was found. */
  void raise() {
    if (first != null) {
      throw first;
    }
  }
}
