package dev.dome.statecontroller.application;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * Where the process of a simulation dies and which call of its store fails. It hears every call of
 * every port, before and after, and keeps a hash of all of it: two lives of one seed that differ
 * anywhere have different hashes.
 */
public final class Faults {
  private static final int NEVER = 0;

  /** The process is gone in the middle of whatever it did; nothing in it may go on. */
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String where) {
      super(where, null, false, false);
    }
  }

  private final MessageDigest trace = sha256();
  private int pointsToCrash = NEVER;
  private int pointsToBreak = NEVER;
  private int callsToFailure = NEVER;
  private StoreException.Kind failure;
  private boolean lostAfter;
  private boolean dead;
  private int breaks;
  private int crashes;
  private int failures;

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public void note(String what) {
    trace.update(what.getBytes(StandardCharsets.UTF_8));
    trace.update((byte) '\n');
  }

  /** The process dies at the n-th point from now: before or after a call of a port. */
  public void crashIn(int points) {
    pointsToCrash = points;
  }

  /** The n-th call of a port that is not the store from now throws what nothing foresees. */
  void breakIn(int calls) {
    pointsToBreak = calls;
  }

  /** Whether the process died; until the next calm, every call of what is left of it dies too. */
  public boolean dead() {
    return dead;
  }

  /**
   * The n-th call of the store from now fails.
   *
   * @param after whether it took effect before its answer was lost
   */
  public void failStoreIn(int calls, StoreException.Kind kind, boolean after) {
    callsToFailure = calls;
    failure = kind;
    lostAfter = after;
  }

  public void calm() {
    pointsToCrash = NEVER;
    pointsToBreak = NEVER;
    callsToFailure = NEVER;
    dead = false;
  }

  private void point(String where) {
    if (dead) {
      throw new Crash(where);
    }
    note(where);
    if (pointsToCrash != NEVER && --pointsToCrash == NEVER) {
      crashes++;
      dead = true;
      throw new Crash(where);
    }
  }

  public void call(String name, Runnable effect) {
    point("before " + name);
    effect.run();
    if (pointsToBreak != NEVER && --pointsToBreak == NEVER) {
      breaks++;
      throw new IllegalStateException("asked for behind " + name);
    }
    point("after " + name);
  }

  /** A call of the store, which may also fail while the process lives on. */
  public <T> T storeCall(String name, Supplier<T> effect) {
    point("before " + name);
    boolean fails = callsToFailure != NEVER && --callsToFailure == NEVER;
    if (fails && !lostAfter) {
      throw failed(name);
    }
    T result = effect.get();
    if (fails) {
      throw failed(name);
    }
    point("after " + name);
    return result;
  }

  private StoreException failed(String name) {
    failures++;
    note("lost " + name);
    return new StoreException(failure, new IllegalStateException("asked for at " + name));
  }

  int crashes() {
    return crashes;
  }

  int failures() {
    return failures;
  }

  int breaks() {
    return breaks;
  }

  /** The hash of everything noted so far; ends the trace. */
  public String traceHash() {
    return HexFormat.of().formatHex(trace.digest());
  }
}
