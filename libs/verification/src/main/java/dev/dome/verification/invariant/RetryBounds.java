package dev.dome.verification.invariant;

import static dev.dome.verification.invariant.ObservedRun.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.wire.PublishedRow;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attempts and delays, held against the policy the run is pinned to. Source of the bounds: delay =
 * min(base·2^(n−1), cap)·(1+j), j in [0, 0.2), at least the retry_after_ms of the report; attempts
 * ≤ max_retries + 1.
 */
final class RetryBounds {
  /** What a report may ask for at most: 30 days. */
  private static final long LONGEST_PAUSE_MS = 30L * 24 * 60 * 60 * 1_000;

  private final ObservedRun run;
  private final JsonNode policy;
  private final Map<String, Long> retryAfterMs = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();

  private RetryBounds(ObservedRun run, JsonNode policy) {
    this.run = run;
    this.policy = policy;
  }

  static List<Violation> check(ObservedRun run) {
    JsonNode policy =
        run.events("plan.wave.created")
            .findFirst()
            .map(row -> payload(row).path("policies").path("retry"))
            .orElse(null);
    if (policy == null) {
      return List.of(
          new Violation(
              Invariant.LEGAL_TRANSITIONS, run.subject(), "the run has no plan.wave.created"));
    }
    RetryBounds bounds = new RetryBounds(run, policy);
    run.rows().forEach(bounds::follow);
    return bounds.violations;
  }

  private void follow(PublishedRow row) {
    switch (row.envelope().topic()) {
      case "task.claimed" -> attempt(row);
      case "task.result.raw" -> {
        JsonNode after = payload(row).path("result").path("retry_after_ms");
        retryAfterMs.put(ObservedRun.task(row).orElse(""), after.asLong(0));
      }
      case "task.timed_out" -> retryAfterMs.remove(ObservedRun.task(row).orElse(""));
      case "task.retry.scheduled" -> delay(row);
      default -> {
        // Nothing about retries.
      }
    }
  }

  private void attempt(PublishedRow row) {
    int attempt = payload(row).path("attempt").asInt();
    int most = policy.path("max_retries").asInt() + 1;
    if (attempt > most) {
      found(row, Invariant.RETRIES_IN_BOUNDS, "attempt " + attempt + " of at most " + most);
    }
  }

  private void delay(PublishedRow row) {
    String task = ObservedRun.task(row).orElse("");
    int attempt = payload(row).path("attempt").asInt();
    long delayMs = payload(row).path("delay_ms").asLong();
    long backoffMs = backoffMs(attempt - 1);
    long floorMs = Math.min(retryAfterMs.getOrDefault(task, 0L), LONGEST_PAUSE_MS);
    long leastMs = Math.max(backoffMs, floorMs);
    long mostMs = Math.max(backoffMs + backoffMs / 5, floorMs);
    if (delayMs < leastMs || delayMs > mostMs) {
      found(
          row,
          Invariant.RETRIES_IN_BOUNDS,
          "expected a delay of " + leastMs + " to " + mostMs + " ms but was " + delayMs);
    }
  }

  /** The delay after the n-th attempt, without jitter. */
  private long backoffMs(int n) {
    BigInteger doubled =
        BigInteger.valueOf(policy.path("base_delay_ms").asLong()).shiftLeft(Math.max(0, n - 1));
    return doubled.min(BigInteger.valueOf(policy.path("cap_delay_ms").asLong())).longValueExact();
  }

  private void found(PublishedRow row, Invariant invariant, String detail) {
    violations.add(
        new Violation(
            invariant, run.subject(), "row " + row.envelope().sequence() + ": " + detail));
  }
}
