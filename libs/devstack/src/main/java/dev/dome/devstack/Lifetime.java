package dev.dome.devstack;

/** How long a child process lives. */
public enum Lifetime {
  /** It is stopped when this JVM ends. */
  WITH_PARENT,
  /** It outlives this JVM, in a session of its own, until somebody stops it. */
  DETACHED
}
