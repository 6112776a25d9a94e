package dev.dome.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.dome.statecontroller.application.PlantedBug;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A checker that finds nothing proves nothing until it was seen to find something. Each of these
 * mistakes must be found within some lives, and by the check that is meant to find it.
 */
class PlantedBugsTest {
  private static final int MOST_LIVES = 400;
  private static final int STEPS = 150;

  /** A part of what whoever finds the mistake says. */
  private static final Map<PlantedBug, String> FOUND_BY = new EnumMap<>(PlantedBug.class);

  static {
    FOUND_BY.put(PlantedBug.ANSWER_BEFORE_COMMIT, "an answer comes after its commit");
    FOUND_BY.put(PlantedBug.NO_FENCE, "was written under epoch");
    FOUND_BY.put(PlantedBug.CURSOR_BEFORE_EFFECT, "what became of");
    FOUND_BY.put(PlantedBug.SKIPPED_DEDUPE, "some input stops its lane");
    FOUND_BY.put(PlantedBug.ANSWER_NOT_STORED, "an answer comes after its commit");
    FOUND_BY.put(PlantedBug.WRONG_LANE_POSITION, "expected position");
    FOUND_BY.put(PlantedBug.CONTEXT_NOT_RECORDED, "the kernel makes another row");
    FOUND_BY.put(PlantedBug.UNORDERED_ITERATION, "the kernel makes another row");
    FOUND_BY.put(PlantedBug.LATE_RESULT_ACCEPTED, "and is recorded as of");
    FOUND_BY.put(PlantedBug.FINAL_IS_NOT_FINAL, "some input stops its lane");
    FOUND_BY.put(PlantedBug.STATE_NOT_FOLDED, "the run is stored as");
    FOUND_BY.put(PlantedBug.CLAIM_GRANTED_TWICE, "and then");
    FOUND_BY.put(PlantedBug.LIMIT_OVERBOOKED, "tasks that hold");
    FOUND_BY.put(PlantedBug.LEASE_EXPIRED_EARLY, "ran out at");
    FOUND_BY.put(PlantedBug.PUBLISHED_WITHOUT_ACKNOWLEDGEMENT, "the stream");
    FOUND_BY.put(PlantedBug.TRIMMER_TOO_EAGER, "what became of");
    FOUND_BY.put(PlantedBug.SYNC_INTERVAL_TWO_MINUTES, "what became of");
    FOUND_BY.put(PlantedBug.LOST_TIMER, "promise the timers");
    FOUND_BY.put(PlantedBug.TIMER_TOO_EARLY, "and fired at");
    FOUND_BY.put(PlantedBug.CURSOR_OUTSIDE_TRANSACTION, "but its cursor is");
    FOUND_BY.put(PlantedBug.CURSOR_NOT_COMPARED, "but its cursor is");
    FOUND_BY.put(PlantedBug.GAP_SKIPPED, "but its cursor is");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyPlantedBugIsFound(PlantedBug bug) {
    Lives lives = new Lives(bug);
    Lives.Failure failure =
        Stream.iterate(1L, seed -> seed + 1)
            .limit(MOST_LIVES)
            .map(seed -> lives.live(seed, Lives.steps(STEPS)))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseGet(() -> fail("%s was not found in %d lives", bug, MOST_LIVES));
    assertThat(failure.cause()).hasMessageContaining(FOUND_BY.get(bug));
  }

  @Test
  void aFailureIsCutDownToWhatItTakesAndFailsAgain() {
    Lives lives = new Lives(PlantedBug.WRONG_LANE_POSITION);
    Lives.Failure failure = lives.live(1, Lives.steps(STEPS)).orElseThrow();

    Lives.Failure shortest = lives.shrunk(failure);

    assertThat(shortest.steps()).hasSizeLessThan(STEPS / 3);
    assertThat(List.copyOf(failure.steps())).containsAll(shortest.steps());
    Lives.Failure again = lives.live(1, shortest.steps()).orElseThrow();
    assertThat(again.cause()).hasMessage(shortest.cause().getMessage());
  }
}
