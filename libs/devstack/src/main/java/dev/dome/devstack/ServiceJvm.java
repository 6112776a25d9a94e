package dev.dome.devstack;

/** What a service's JVM is tuned for. */
public enum ServiceJvm {
  /** Starts fast and stays small: no optimising compiler, which takes long to pay. */
  SMALL,
  /** Compiles as a deployed service does, for measurements. */
  AS_DEPLOYED
}
