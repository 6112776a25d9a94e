package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.verification.invariant.OperationSeen.KeyUse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyInvariantsTest {
  private static final OperationSeen FIRST = use("op-1", null, new KeyUse("k", false, "b"), 201);

  private static OperationSeen use(String id, String repeats, KeyUse key, int status) {
    return use(id, repeats, key, status, "answer");
  }

  private static OperationSeen use(
      String id, String repeats, KeyUse key, int status, String answer) {
    return new OperationSeen(
        id,
        Optional.of("SUBMIT_RUN"),
        "alice",
        Optional.of("run-1"),
        Optional.ofNullable(repeats),
        Optional.of(key),
        status,
        Optional.empty(),
        answer,
        Optional.empty(),
        Optional.empty());
  }

  private static List<Violation> repeats(OperationSeen again) {
    return KeyInvariants.repeats("default", List.of(FIRST, again));
  }

  @Test
  void theFirstAnswerAgainAndAConflictHold() {
    assertThat(repeats(use("op-2", "op-1", new KeyUse("k", false, "b"), 201))).isEmpty();
    assertThat(repeats(use("op-2", "op-1", new KeyUse("k", false, "c"), 409))).isEmpty();
  }

  @Test
  void anotherAnswerToTheSameBodyIsFound() {
    assertThat(repeats(use("op-2", "op-1", new KeyUse("k", false, "b"), 201, "other"))).hasSize(1);
    assertThat(repeats(use("op-2", "op-1", new KeyUse("k", false, "b"), 409))).hasSize(1);
  }

  @Test
  void anAcceptedSecondBodyIsFound() {
    assertThat(repeats(use("op-2", "op-1", new KeyUse("k", false, "c"), 201, "other")))
        .singleElement()
        .extracting(Violation::invariant)
        .isEqualTo(Invariant.SAME_KEY_SAME_ANSWER);
  }

  @Test
  void aRepeatOfAnotherKeyIsFound() {
    assertThat(repeats(use("op-2", "op-1", new KeyUse("other", false, "b"), 201))).hasSize(1);
  }

  @Test
  void aKeyThatIsBoundTwiceIsFound() {
    KeyInvariants keys = new KeyInvariants();

    assertThat(keys.collect("default", FIRST)).isEmpty();
    assertThat(keys.collect("default", use("op-2", "op-1", new KeyUse("k", false, "b"), 201)))
        .isEmpty();
    assertThat(keys.collect("default", use("op-3", null, new KeyUse("k", false, "c"), 422)))
        .hasSize(1);
    assertThat(keys.size()).isEqualTo(1);
  }

  @Test
  void aDerivedKeyIsBoundByAnAcceptedAnswerOnly() {
    KeyInvariants keys = new KeyInvariants();

    assertThat(keys.collect("default", use("op-1", null, new KeyUse("k", true, "b"), 422)))
        .isEmpty();
    assertThat(keys.collect("default", use("op-2", null, new KeyUse("k", true, "c"), 201)))
        .isEmpty();
    assertThat(keys.collect("default", use("op-3", null, new KeyUse("k", true, "d"), 201)))
        .hasSize(1);
  }
}
