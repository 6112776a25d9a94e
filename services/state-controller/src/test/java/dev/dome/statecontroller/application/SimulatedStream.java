package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalRow;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * DOME_JOURNAL: batches that are stored or not, answers that are lost, and a new life of the stream
 * now and then. Rows may come twice but leave no gap in its first life, which is checked at every
 * append.
 */
final class SimulatedStream implements JournalStream {
  private static final NavigableMap<Long, JournalRow> NONE = new TreeMap<>();

  private final Faults faults;
  private final Violations violations;
  private final PlantedBug bug;
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

  SimulatedStream(Faults faults, Violations violations, PlantedBug bug) {
    this.faults = faults;
    this.violations = violations;
    this.bug = bug;
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
          durable[0] = loss == Loss.NONE || bug == PlantedBug.PUBLISHED_WITHOUT_ACKNOWLEDGEMENT;
        });
    return CompletableFuture.completedFuture(durable[0]);
  }

  private void store(NavigableMap<Long, JournalRow> stored, List<JournalRow> rows) {
    for (JournalRow row : rows) {
      long last = stored.isEmpty() ? 0 : stored.lastKey();
      // A publisher notices late that the stream was made anew; until then its rows have a gap.
      violations.require(
          life > 1 || row.lanePosition() < last + 2,
          "the stream has a gap between " + last + " and " + row.lanePosition());
      JournalRow before = stored.putIfAbsent(row.lanePosition(), row);
      violations.require(
          before == null || before.hash().equals(row.hash()),
          "position " + row.lanePosition() + " of the stream means another row than before");
    }
  }

  @Override
  public String incarnation() {
    return "journal-" + life;
  }

  /** What a consumer of the lane sees behind a position, repeats left out. */
  List<JournalRow> after(Lane lane, long position, int max) {
    return lanes.getOrDefault(lane, NONE).tailMap(position, false).values().stream()
        .limit(max)
        .toList();
  }

  /** All that a consumer of the lane sees, repeats left out. */
  List<JournalRow> of(Lane lane) {
    return List.copyOf(lanes.getOrDefault(lane, NONE).values());
  }
}
