package dev.dome.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.contracts.id.ReasonCode;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestValuesTest {
  @Test
  void aSecretIsNoRunId() {
    assertThatThrownBy(() -> RequestValues.runId("dop_v1_" + "a1b2".repeat(16)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused ->
                assertThat(refused.reasonCode()).isEqualTo(WebReason.SECRET_IN_STEERING_FIELD));
    assertThat(RequestValues.runId("run-a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6")).isNotNull();
  }

  @Test
  void anIdempotencyKeyMayBeRandomButNoSecret() {
    String random = "Zk3vQ9XtYb8mLpWcD4eF6gH7jKqN2sTu";
    assertThat(RequestValues.idempotencyKey(random)).contains(random);
    assertThatThrownBy(() -> RequestValues.idempotencyKey("ghp_" + "a1B2".repeat(9)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(422);
              assertThat(refused.reasonCode()).isEqualTo(WebReason.SECRET_IN_STEERING_FIELD);
              assertThat(refused.getMessage()).doesNotContain("ghp_");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+5", "0", "201", "1e2", "0x10", "٣", "99999999999999999999"})
  void aPageSizeOutsideItsRangeIsABadRequest(String text) {
    assertBad(WebReason.BAD_PARAMETER, () -> RequestValues.number(text, "page_size", 50, 1, 200));
  }

  @Test
  void anAbsentNumberIsItsDefault() {
    assertThat(RequestValues.number(null, "page_size", 50, 1, 200)).isEqualTo(50);
    assertThat(RequestValues.number("200", "page_size", 50, 1, 200)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "UPPER", "../x", "a*b", "a>b", "a\nb", " run-1"})
  void aMalformedRunIdIsABadRequest(String text) {
    assertBad(WebReason.BAD_IDENTIFIER, () -> RequestValues.runId(text));
  }

  @Test
  void aNameThatIsNotInTheEnumIsABadRequest() {
    assertThat(RequestValues.oneOf("SECONDS", "unit", TimeUnit.class)).isEqualTo(TimeUnit.SECONDS);
    assertThat(RequestValues.oneOf(null, "unit", TimeUnit.class)).isNull();
    assertBad(
        WebReason.BAD_PARAMETER, () -> RequestValues.oneOf("seconds", "unit", TimeUnit.class));
  }

  private static void assertBad(ReasonCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(400);
              assertThat(problem.reasonCode()).isEqualTo(code);
            });
  }
}
