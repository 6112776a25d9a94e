package dev.dome.statecontroller.application.limits;

import dev.dome.contracts.id.LimitName;
import dev.dome.kernel.WaitingOn.Exhausted;
import dev.dome.statecontroller.application.Rate;
import dev.dome.statecontroller.application.TaskLimit;
import java.util.Optional;

/**
 * What is taken of a limit.
 *
 * @param slots how many there are, or null when their number is not limited
 * @param rate of the grants, or null
 * @param taken slots that attempts hold
 * @param tatUs the rate's theoretical arrival time, 0 before the first grant
 * @param nowUs when that was read, epoch microseconds on the clock that rates go by
 */
public record LimitUse(
    LimitName name, Integer slots, Rate rate, long taken, long tatUs, long nowUs) {
  private static final long US_PER_MS = 1_000;

  /** What is taken of a limit that may have been set; a key without one has its default. */
  public static LimitUse of(
      LimitName name, Integer maxConcurrent, Rate rate, long taken, long tatUs, long nowUs) {
    return new LimitUse(name, TaskLimit.slots(name, maxConcurrent), rate, taken, tatUs, nowUs);
  }

  /** Epoch milliseconds at which the rate has room, or null when it has room now. */
  public Long nextAtMs() {
    return rate == null || rate.nextUs(tatUs) <= nowUs
        ? null
        : (Long) Math.ceilDiv(rate.nextUs(tatUs), US_PER_MS);
  }

  /** That there is no room for another task, or empty when there is. */
  public Optional<Exhausted> exhausted() {
    if (slots != null && taken >= slots) {
      return Optional.of(new Exhausted(name, null));
    }
    return Optional.ofNullable(nextAtMs()).map(untilMs -> new Exhausted(name, untilMs));
  }
}
