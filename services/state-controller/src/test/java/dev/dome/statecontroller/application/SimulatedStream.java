package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalRow;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * DOME_JOURNAL: batches that are stored or not, answers that are lost, and a new life of the stream
 * now and then. Rows may come twice but never leave a gap, which is checked at every append.
 */
final class SimulatedStream implements JournalStream {
  private final Faults faults;
  private final Map<Lane, NavigableMap<Long, JournalRow>> lanes = new TreeMap<>();
  private int life = 1;
  private Loss next = Loss.NONE;

  /** What becomes of the next append. */
  enum Loss {
    NONE,
    /** Nothing is stored. */
    BATCH,
    /** It is stored, but nobody hears of it. */
    ANSWER
  }

  SimulatedStream(Faults faults) {
    this.faults = faults;
  }

  void lose(Loss loss) {
    next = loss;
  }

  /** Somebody deleted the stream and it was made anew. */
  void recreate() {
    life++;
    lanes.clear();
  }

  @Override
  public CompletableFuture<Boolean> append(Lane lane, List<JournalRow> rows) {
    Loss loss = next;
    next = Loss.NONE;
    boolean[] durable = {false};
    faults.call(
        "append lane " + lane + " from " + rows.getFirst().lanePosition() + " " + loss,
        () -> {
          if (loss != Loss.BATCH) {
            store(lanes.computeIfAbsent(lane, k -> new TreeMap<>()), rows);
          }
          durable[0] = loss == Loss.NONE;
        });
    return CompletableFuture.completedFuture(durable[0]);
  }

  private static void store(NavigableMap<Long, JournalRow> stored, List<JournalRow> rows) {
    for (JournalRow row : rows) {
      long last = stored.isEmpty() ? 0 : stored.lastKey();
      assertThat(row.lanePosition()).as("no gap after position " + last).isLessThan(last + 2);
      JournalRow before = stored.putIfAbsent(row.lanePosition(), row);
      assertThat(before == null || before.hash().equals(row.hash()))
          .as("a position means the same row for ever")
          .isTrue();
    }
  }

  @Override
  public String incarnation() {
    return "journal-" + life;
  }

  /** What a consumer of the lane sees, repeats left out. */
  List<JournalRow> of(Lane lane) {
    return List.copyOf(lanes.getOrDefault(lane, new TreeMap<>()).values());
  }
}
