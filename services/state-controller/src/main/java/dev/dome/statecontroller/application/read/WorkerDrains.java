package dev.dome.statecontroller.application.read;

import dev.dome.statecontroller.application.Drains;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * Who is to take nothing more. What is asked for here holds on every replica within a second. Calls
 * fail with {@link RecordUnavailableException}.
 */
public interface WorkerDrains {
  /**
   * Begins a drain, or keeps the one there is.
   *
   * @return the drain; empty when nobody it is about was ever seen
   */
  Uni<Optional<DrainRecord>> begin(Drains.Rule rule, String actor, long nowMs);

  /**
   * Ends a drain.
   *
   * @return whether there was one or somebody that one could be about
   */
  Uni<Boolean> end(Drains.Rule rule);

  /**
   * A drain.
   *
   * @param actor the subject that began it
   */
  record DrainRecord(long sinceMs, String actor) {}
}
