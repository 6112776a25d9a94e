package dev.dome.retryscheduler.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.kernel.PolicySet;
import dev.dome.retryscheduler.webhook.Delivery.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryPolicyTest {
  private static final long NOW = 1_000_000;

  private final DeliveryPolicy policy = new DeliveryPolicy(new PolicySet.Retry(3, 1_000, 60_000));

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void everySuccessIsDelivered(int status) {
    assertThat(decide(1, new Attempted.Answered(status, null)))
        .isEqualTo(new Verdict.Delivered(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 400, 401, 404, 429, 500, 503})
  void everythingElseIsTriedAgainUntilTheAttemptsAreSpent(int status) {
    for (int attempt = 1; attempt <= 3; attempt++) {
      long backoff = 1_000L << (attempt - 1);
      assertThat(decide(attempt, new Attempted.Answered(status, null)))
          .isInstanceOfSatisfying(
              Verdict.Again.class,
              again -> assertThat(again.dueAtMs() - NOW).isBetween(backoff, backoff + backoff / 5));
    }
    assertThat(decide(4, new Attempted.Answered(status, null)))
        .isEqualTo(new Verdict.Dead(Fault.REFUSED, status));
  }

  @Test
  void goneIsForEver() {
    assertThat(decide(1, new Attempted.Answered(410, null))).isEqualTo(new Verdict.Gone(410));
  }

  @Test
  void aReceiverMayAskForPatienceUpToTheLongestDelay() {
    assertThat(decide(1, new Attempted.Answered(429, 30_000L)))
        .isEqualTo(new Verdict.Again(Fault.REFUSED, 429, NOW + 30_000));
    assertThat(decide(1, new Attempted.Answered(503, 86_400_000L)))
        .isEqualTo(new Verdict.Again(Fault.REFUSED, 503, NOW + 60_000));
  }

  @Test
  void aFaultWithoutAnAnswerKeepsItsName() {
    assertThat(decide(4, new Attempted.Failed(Fault.TIMED_OUT)))
        .isEqualTo(new Verdict.Dead(Fault.TIMED_OUT, null));
    assertThat(decide(2, new Attempted.Failed(Fault.URL_FORBIDDEN)))
        .isInstanceOf(Verdict.Again.class);
  }

  private Verdict decide(int attempt, Attempted attempted) {
    return policy.decide("whd-1", attempt, attempted, NOW);
  }
}
