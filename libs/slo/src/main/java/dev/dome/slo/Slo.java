package dev.dome.slo;

/**
 * One objective.
 *
 * @param name such as {@code slo-1-availability}
 * @param target the share of good events, over 0 and at most 1; 1 has no budget for bad ones
 * @param windowDays over which it holds
 */
public record Slo(
    String name,
    String title,
    String description,
    double target,
    int windowDays,
    Indicator indicator) {

  /** What is counted. */
  public sealed interface Indicator {
    /** Bad events are some of the series of all events: the same metric and one more label. */
    record Bad(Selector bad, Selector total) implements Indicator {}

    /** Good events are counted beside all events. */
    record Good(Selector good, Selector total) implements Indicator {}

    /** No counter shows it; tests do. */
    record Tested(String by) implements Indicator {}
  }

  /** The share of bad events that the objective allows. */
  double budget() {
    return 1 - target;
  }

  boolean hasBudget() {
    return target < 1;
  }

  /** PromQL of the share of bad events in a window such as {@code 5m}. */
  String errorRatio(String window) {
    return switch (indicator) {
      case Indicator.Bad(Selector bad, Selector total) ->
          bad.rate(window) + " / " + total.rate(window);
      case Indicator.Good(Selector good, Selector total) ->
          "1 - " + good.rate(window) + " / " + total.rate(window);
      case Indicator.Tested tested -> throw new IllegalStateException(name + " has no counter");
    };
  }

  /** PromQL of the number of bad events in a window. */
  String badEvents(String window) {
    return switch (indicator) {
      case Indicator.Bad(Selector bad, Selector total) -> bad.increase(window);
      case Indicator.Good(Selector good, Selector total) ->
          total.increase(window) + " - " + good.increase(window);
      case Indicator.Tested tested -> throw new IllegalStateException(name + " has no counter");
    };
  }

  boolean isCounted() {
    return !(indicator instanceof Indicator.Tested);
  }

  /** Where the runbook of its alerts is, from the root of the repository. */
  String runbook() {
    return "doc/runbooks/" + name + ".md";
  }

  /** The beginning of its alerts' names. */
  String alert() {
    return "Dome" + title;
  }
}
