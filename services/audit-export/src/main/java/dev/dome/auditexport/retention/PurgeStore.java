package dev.dome.auditexport.retention;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** The one way by which records go. The database judges every order itself. */
public interface PurgeStore {

  /** Puts some records of a release before in their places; says how many, 0 when none is left. */
  Uni<Integer> settle(int most);

  /**
   * What has an end, the first to end first.
   *
   * @param mostRecords that are counted in all; what is beyond is estimated
   */
  Uni<List<Expiring>> expiring(long mostRecords);

  /** Removes what has expired and is not held; lasts as long as that takes. */
  Uni<Purge.Result> purge(Purge.Order order);

  /** How many holds are in force. */
  Uni<Long> holds();
}
