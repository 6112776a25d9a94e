package dev.dome.statecontroller.api;

import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.statecontroller.application.Rate;
import dev.dome.statecontroller.application.TaskLimit;
import dev.dome.web.ProblemException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a limit is to be. One of the two at least.
 *
 * @param maxConcurrent tasks that may be leased at once, 1 to 10,000; not for a named rate
 * @param rate how often a task may be granted
 */
public record LimitRequest(Integer maxConcurrent, RateRequest rate) {
  private static final int MAX_SLOTS = 10_000;
  private static final int MAX_PERMITS = 1_000_000;
  private static final int MAX_PER_SECONDS = 31 * 24 * 60 * 60;
  private static final int DEFAULT_BURST = 1;
  private static final ReasonCode REQUIRED = new ReasonCode("SCHEMA.REQUIRED");
  private static final ReasonCode RANGE = new ReasonCode("SCHEMA.RANGE");
  private static final ReasonCode NO_ALTERNATIVE = new ReasonCode("SCHEMA.NO_ALTERNATIVE");
  private static final ReasonCode VIOLATION = new ReasonCode("SCHEMA.VIOLATION");

  /**
   * How often.
   *
   * @param permits grants in {@code perSeconds}
   * @param burst how many may go at once after a pause, 1 where it is absent
   */
  public record RateRequest(Integer permits, Integer perSeconds, Integer burst) {}

  /**
   * The limit as it is stored.
   *
   * @throws ProblemException 422 SCHEMA.VIOLATION that names everything wrong
   */
  TaskLimit limit(NamespaceId namespace, LimitName name) {
    List<FieldError> errors = errors(name);
    if (!errors.isEmpty()) {
      throw ProblemException.of(422, VIOLATION, "The limit is not one that can be set.", errors);
    }
    return new TaskLimit(namespace, name, maxConcurrent, rate == null ? null : stored(rate));
  }

  private static Rate stored(RateRequest rate) {
    return new Rate(
        rate.permits(), rate.perSeconds(), rate.burst() == null ? DEFAULT_BURST : rate.burst());
  }

  private List<FieldError> errors(LimitName name) {
    List<FieldError> errors = new ArrayList<>();
    if (maxConcurrent == null && rate == null) {
      errors.add(new FieldError("", REQUIRED, "expected max_concurrent or rate"));
    }
    if (maxConcurrent != null) {
      if (name.isRate()) {
        errors.add(
            new FieldError(
                "/max_concurrent", NO_ALTERNATIVE, "expected a rate only for rate:<name>"));
      }
      within(maxConcurrent, MAX_SLOTS, "/max_concurrent", errors);
    }
    if (rate != null) {
      required(rate.permits(), MAX_PERMITS, "/rate/permits", errors);
      required(rate.perSeconds(), MAX_PER_SECONDS, "/rate/per_seconds", errors);
      if (rate.burst() != null) {
        within(rate.burst(), MAX_PERMITS, "/rate/burst", errors);
      }
    }
    return errors;
  }

  private static void required(Integer value, int max, String pointer, List<FieldError> errors) {
    if (value == null) {
      errors.add(new FieldError(pointer, REQUIRED, "expected a whole number"));
    } else {
      within(value, max, pointer, errors);
    }
  }

  private static void within(int value, int max, String pointer, List<FieldError> errors) {
    if (value < 1 || value > max) {
      errors.add(new FieldError(pointer, RANGE, "expected a whole number from 1 to " + max));
    }
  }
}
