package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.Lane;
import dev.dome.messaging.JournalBatch;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** Timers and cursors, durably. Every method is one transaction. Dead letters go in with them. */
public interface TimerStore {

  /** Lane position of the last row whose effect is stored, 0 for none. */
  Uni<Long> position(Lane lane);

  /** Stores the changes and moves the cursors behind the batches that they come of. */
  Uni<Applied> apply(List<JournalBatch> batches, JournalChanges changes);

  /** What became of changes. */
  enum Applied {
    /** Nothing is stored: a cursor was elsewhere. */
    NOT_MOVED,
    STORED,
    /** And webhooks are to be told of some of it. */
    STORED_WITH_DELIVERIES
  }

  /**
   * Locks timers that are due and locked by nobody, hands them to the publisher if there are any,
   * and marks them as fired if it says true. A process that dies in between leaves them due.
   *
   * @param limit how many at most, the longest due first
   * @return those that fired
   */
  Uni<List<Timer>> fireDue(long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher);

  /**
   * The same for timers that fired a while ago and are still there, so their run did not hear. Each
   * is fired again after four times the time of the firing before.
   */
  Uni<List<Timer>> fireAgain(long nowMs, int limit, Function<List<Timer>, Uni<Boolean>> publisher);

  /** When the next timer is due that has not fired. */
  Uni<OptionalLong> nextDueAtMs();

  /** Timers that have not fired. */
  Uni<Long> pending();
}
