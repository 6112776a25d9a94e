package dev.dome.statecontroller.application;

/**
 * How often a task may be granted: the generic cell rate algorithm (ITU-T I.371, annex A, virtual
 * scheduling), whose whole memory is the theoretical arrival time of the next grant. Grants are an
 * interval apart; after a pause as many as the burst may go at once. So any stretch of {@code
 * perSeconds} sees at most {@code permits + burst - 1} grants.
 *
 * @param permits grants in {@code perSeconds}, from 1
 * @param perSeconds from 1
 * @param burst grants that may go at once after a pause, from 1
 */
public record Rate(int permits, int perSeconds, int burst) {
  private static final long US_PER_SECOND = 1_000_000;

  /** Microseconds between two grants, rounded up so that there are never too many. */
  long intervalUs() {
    return Math.ceilDiv(perSeconds * US_PER_SECOND, permits);
  }

  /**
   * When the next grant conforms, epoch microseconds; a time that is past means now.
   *
   * @param tatUs the theoretical arrival time, 0 before the first grant
   */
  public long nextUs(long tatUs) {
    return tatUs - (burst - 1) * intervalUs();
  }

  /** The theoretical arrival time after a grant. */
  long afterGrantUs(long tatUs, long nowUs) {
    return Math.max(tatUs, nowUs) + intervalUs();
  }
}
