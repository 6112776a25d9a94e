package dev.dome.auditexport.retention;

import java.time.YearMonth;

/** Removing what has expired. */
public final class Purge {
  private Purge() {}

  /**
   * One that is wanted.
   *
   * @param authority by whose order, on every tombstone
   */
  public record Order(
      String retentionClass, YearMonth month, String actor, String authority, String reason) {}

  /**
   * What came of it.
   *
   * @param runs that were removed
   * @param records that were removed, access decisions among them
   * @param keptRecords that are held, of open runs or of runs that are too young
   */
  public record Result(Outcome outcome, long runs, long records, long keptRecords) {}

  /** How it ended. */
  public enum Outcome {
    PURGED,
    /** All there is must be kept. */
    NOTHING,
    /** The time is not over, or the class has no end. */
    NOT_EXPIRED,
    /** Records of a release before are still being put in their places. */
    UNSETTLED,
    /** Another purge is under way, or a hold or a record came meanwhile. */
    BUSY,
    /** It goes on, for longer than the caller is kept waiting; what expires shows its end. */
    UNDER_WAY
  }
}
