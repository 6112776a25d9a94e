package dev.dome.simulation;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.journal.JournalEffects;
import dev.dome.messaging.JournalBatch;
import dev.dome.statecontroller.application.Follower;
import dev.dome.statecontroller.application.PlantedBug;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A service that keeps every row word by word, as the audit does; it must have each once. */
final class CopyEffects implements JournalEffects {
  private final Follower.World world;
  private final Map<Lane, Long> cursors = new TreeMap<>();
  private final Map<Lane, List<PublishedRow>> copies = new TreeMap<>();

  CopyEffects(Follower.World world) {
    this.world = world;
  }

  @Override
  public Uni<Long> position(Lane lane) {
    return Uni.createFrom()
        .item(() ->
            world.faults().storeCall("copy at " + lane, () -> cursors.getOrDefault(lane, 0L)));
  }

  @Override
  public Uni<Boolean> apply(List<JournalBatch> batches) {
    return Uni.createFrom()
        .item(() -> world.faults().storeCall("copy of " + places(batches), () -> copy(batches)));
  }

  /** Where batches follow on, as a fault is named. */
  static String places(List<JournalBatch> batches) {
    return batches.stream()
        .map(batch -> batch.lane() + " behind " + batch.after())
        .collect(Collectors.joining(", "));
  }

  private boolean copy(List<JournalBatch> batches) {
    if (batches.stream().anyMatch(this::isElsewhere)
        && world.bug() != PlantedBug.CURSOR_NOT_COMPARED) {
      return false;
    }
    batches.forEach(batch -> cursors.put(batch.lane(), batch.last()));
    if (world.bug() == PlantedBug.CURSOR_OUTSIDE_TRANSACTION) {
      world.faults().call("cursor apart", () -> {});
    }
    batches.forEach(
        batch -> copies.computeIfAbsent(batch.lane(), k -> new ArrayList<>()).addAll(batch.rows()));
    return true;
  }

  private boolean isElsewhere(JournalBatch batch) {
    return cursors.getOrDefault(batch.lane(), 0L) != batch.after();
  }

  /** The copy of a lane has every row up to its cursor, each once and in order. */
  void check(Lane lane) {
    List<PublishedRow> copy = copies.getOrDefault(lane, List.of());
    long last = copy.isEmpty() ? 0 : copy.getLast().lanePosition();
    world
        .violations()
        .require(
            copy.size() == cursors.getOrDefault(lane, 0L) && last == copy.size(),
            "the copy of lane %s has %d rows up to position %d, but its cursor is %d"
                .formatted(lane, copy.size(), last, cursors.getOrDefault(lane, 0L)));
  }

  /** The copy of a lane is its journal. */
  void checkAtRest(Lane lane) {
    List<PublishedRow> journal = Rows.published(world.owned(lane, 0, Integer.MAX_VALUE));
    world
        .violations()
        .require(
            journal.equals(copies.getOrDefault(lane, List.of())),
            "the copy of lane " + lane + " is not its journal of " + journal.size() + " rows");
  }
}
