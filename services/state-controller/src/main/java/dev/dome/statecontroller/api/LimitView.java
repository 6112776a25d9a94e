package dev.dome.statecontroller.api;

import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.LimitName;
import dev.dome.statecontroller.application.Rate;
import dev.dome.statecontroller.application.limits.LimitStore.SetLimit;
import dev.dome.statecontroller.application.limits.LimitUse;
import java.util.List;

/**
 * A limit and what is taken of it. Times are RFC 3339 UTC.
 *
 * @param maxConcurrent tasks that may be leased at once; absent where the limit says nothing of it
 * @param rate how often a task may be granted; absent likewise
 * @param inUse slots that leased tasks hold
 * @param nextAt when the rate has room; absent while it has
 */
public record LimitView(
    String name,
    Integer maxConcurrent,
    RateView rate,
    long inUse,
    String nextAt,
    String changedAt,
    String changedBy) {

  /** How often. */
  public record RateView(int permits, int perSeconds, int burst) {
    static RateView of(Rate rate) {
      return new RateView(rate.permits(), rate.perSeconds(), rate.burst());
    }
  }

  static LimitView of(SetLimit set, List<LimitUse> uses) {
    LimitName name = set.limit().name();
    LimitUse use = uses.stream().filter(u -> u.name().equals(name)).findFirst().orElse(null);
    Long nextAtMs = use == null ? null : use.nextAtMs();
    return new LimitView(
        name.value(),
        set.limit().maxConcurrent(),
        set.limit().rate() == null ? null : RateView.of(set.limit().rate()),
        use == null ? 0 : use.taken(),
        nextAtMs == null ? null : Timestamps.format(nextAtMs),
        Timestamps.format(set.changedAtMs()),
        set.changedBy());
  }
}
