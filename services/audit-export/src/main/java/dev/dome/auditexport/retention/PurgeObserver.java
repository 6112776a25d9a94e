package dev.dome.auditexport.retention;

/** Told what becomes of retention. */
public interface PurgeObserver {

  void purged(Purge.Result result);

  /**
   * As of a round's end.
   *
   * @param holds in force
   * @param overdueMs since when the oldest partition that has something to purge has expired
   */
  void seen(long holds, long overdueMs);

  /** A round failed and is tried again. */
  void failed();
}
