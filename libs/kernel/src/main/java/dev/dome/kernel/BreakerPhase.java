package dev.dome.kernel;

/** Whether a circuit breaker lets work through. */
public enum BreakerPhase {
  /** All work passes. */
  CLOSED,
  /** No work is dispatched until the breaker half-opens. */
  OPEN,
  /** Only as many tasks at a time as there are probes. */
  HALF_OPEN
}
