package dev.dome.client;

/** Why an attempt should stop. */
public enum CancelReason {
  /** The server asked for it: the run was cancelled or has expired. */
  DIRECTIVE,
  /** The lease is another's, or was not renewed in time. */
  LEASE_LOST,
  /** This worker is closing and its grace is over; the attempt is given back. */
  SHUTDOWN
}
