package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.verification.invariant.LaneInvariants.Shown;
import dev.dome.verification.invariant.LaneInvariants.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneInvariantsTest {
  private static final Shown LANE = new Shown(3, 7, 40, 38);

  private static List<Invariant> broken(Shown lane, Span... spans) {
    return LaneInvariants.check(lane, List.of(spans)).stream().map(Violation::invariant).toList();
  }

  @Test
  void growingEpochsWithoutAGapHold() {
    assertThat(broken(LANE, new Span(2, 1, 10), new Span(7, 11, 40))).isEmpty();
    assertThat(broken(LANE)).isEmpty();
  }

  @Test
  void aRowUnderASupersededEpochIsFound() {
    assertThat(broken(LANE, new Span(2, 1, 10), new Span(7, 11, 20), new Span(2, 21, 40)))
        .containsExactly(Invariant.EPOCHS_NEVER_DECREASE);
  }

  @Test
  void anEpochTheLaneNeverHadIsFound() {
    assertThat(broken(LANE, new Span(8, 1, 40))).containsExactly(Invariant.EPOCHS_NEVER_DECREASE);
  }

  @Test
  void aMissingPositionIsFound() {
    assertThat(broken(LANE, new Span(2, 1, 10), new Span(2, 12, 40)))
        .containsExactly(Invariant.PUBLISHED_OR_PENDING);
  }

  @Test
  void moreThanThereIsCannotBePublished() {
    assertThat(broken(new Shown(3, 7, 40, 41), new Span(7, 1, 40)))
        .containsExactly(Invariant.PUBLISHED_OR_PENDING);
  }
}
