package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final PolicySet.Retry STANDARD = new PolicySet.Retry(2, 500, 60_000);
  private static final TaskId TASK = new TaskId("pay-1-plan");

  @Test
  void attemptsAreOneMoreThanRetries() {
    assertThat(RetryPolicy.mayRetry(STANDARD, 1)).isTrue();
    assertThat(RetryPolicy.mayRetry(STANDARD, 2)).isTrue();
    assertThat(RetryPolicy.mayRetry(STANDARD, 3)).isFalse();
    assertThat(RetryPolicy.mayRetry(new PolicySet.Retry(0, 1, 1), 1)).isFalse();
  }

  @Test
  void runsOfV02SeedWithTheTaskAloneAndRunsOfV03WithTheRunToo() {
    RunUid one = new RunUid("a".repeat(32));
    assertThat(RetryPolicy.seed(ContractVersion.V0_2, one, TASK, 2)).isEqualTo("pay-1-plan:2");
    assertThat(RetryPolicy.seed(ContractVersion.V0_3, one, TASK, 2))
        .isEqualTo("a".repeat(32) + ":pay-1-plan:2");
  }

  /** SHA-256 of "pay-1-plan:1" begins with the 32 bits below; the delays are frozen by it. */
  @Test
  void theDelayOfASeedIsFrozen() {
    long bits = 0x62445f04L;
    assertThat(RetryPolicy.delayMs(STANDARD, "pay-1-plan:1", 1, null))
        .isEqualTo(500 + (long) Math.floor(500 * (bits / 0x1p32) / 5))
        .isEqualTo(538);
  }

  @Test
  void aRetryAfterIsAFloorAndHasACeiling() {
    assertThat(RetryPolicy.delayMs(STANDARD, "t:1", 1, 90_000L)).isEqualTo(90_000);
    assertThat(RetryPolicy.delayMs(STANDARD, "t:1", 1, 10L)).isBetween(500L, 600L);
    assertThat(RetryPolicy.delayMs(STANDARD, "t:1", 1, -5L)).isBetween(500L, 600L);
    assertThat(RetryPolicy.delayMs(STANDARD, "t:1", 1, Long.MAX_VALUE))
        .isEqualTo(RetryPolicy.MAX_RETRY_AFTER_MS);
  }

  @Test
  void aPolicyOutsideItsLimitsCannotBeMade() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PolicySet.Retry(-1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new PolicySet.Retry(1, 2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new PolicySet.Retry(1, 1, 1L << 31));
  }

  @Property(tries = 1000)
  void everyDelayIsWithinItsBounds(
      @ForAll @IntRange(min = 1, max = 1_001) int attempt,
      @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int one,
      @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int other,
      @ForAll @AlphaChars @StringLength(max = 20) String seed) {
    PolicySet.Retry policy = new PolicySet.Retry(1_000, Math.min(one, other), Math.max(one, other));
    double exact =
        Math.min(
            (double) policy.baseDelayMs() * Math.pow(2, attempt - 1), (double) policy.capDelayMs());
    long delayMs = RetryPolicy.delayMs(policy, seed, attempt, null);
    assertThat(delayMs).isBetween((long) exact, (long) Math.ceil(exact * 1.2));
  }
}
