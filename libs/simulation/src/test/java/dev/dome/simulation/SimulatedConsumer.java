package dev.dome.simulation;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.journal.CursorMovedException;
import dev.dome.journal.JournalApplier;
import dev.dome.journal.JournalEffects;
import dev.dome.messaging.JournalBatch;
import dev.dome.statecontroller.application.Follower;
import dev.dome.statecontroller.application.PlantedBug;
import dev.dome.statecontroller.application.StoreException;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One process that reads the journal: where it stands is in its memory, and in its store for who
 * comes after it. Batches lack rows in front now and then, which the applier asks the owner for.
 */
final class SimulatedConsumer {
  private static final int MOST_ROWS = 40;

  private final Follower.World world;
  private final JournalEffects effects;
  private final JournalApplier applier;
  private final Map<Lane, Long> positions = new HashMap<>();

  SimulatedConsumer(Follower.World world, JournalEffects effects) {
    this.world = world;
    this.effects = effects;
    this.applier =
        new JournalApplier(
            effects,
            (lane, after) ->
                Uni.createFrom()
                    .item(() ->
                        world
                            .faults()
                            .storeCall(
                                "ask the owner of " + lane,
                                () -> Rows.published(world.owned(lane, after, MOST_ROWS)))),
            Runnable::run);
  }

  /** Reads some rows of a lane. */
  void read(Lane lane) {
    try {
      int rows = 1 + world.random().nextInt(MOST_ROWS);
      int missing = world.random().nextInt(6) == 0 ? world.random().nextInt(rows) : 0;
      read(lane, rows, missing);
    } catch (StoreException | CursorMovedException e) {
      world.faults().note("reading again " + lane);
      positions.remove(lane);
    }
  }

  /** Reads all of a lane; whether there was anything. */
  boolean readAll(Lane lane) {
    boolean any = false;
    try {
      while (read(lane, MOST_ROWS, 0)) {
        any = true;
      }
    } catch (CursorMovedException e) {
      positions.remove(lane);
      any = true;
    }
    return any;
  }

  private boolean read(Lane lane, int max, int missing) {
    Long after = positions.get(lane);
    if (after == null) {
      after = effects.position(lane).await().indefinitely();
      positions.put(lane, after);
    }
    List<PublishedRow> rows = Rows.published(world.streamed(lane, after, max));
    if (missing >= rows.size()) {
      return false;
    }
    JournalBatch batch = new JournalBatch(lane, after, gapless(rows.subList(missing, rows.size())));
    apply(batch).await().indefinitely();
    positions.put(lane, batch.last());
    return true;
  }

  /** The first rows up to where some are missing; the next batch begins behind those. */
  private static List<PublishedRow> gapless(List<PublishedRow> rows) {
    int count = 1;
    while (count < rows.size()
        && rows.get(count).lanePosition() == rows.get(count - 1).lanePosition() + 1) {
      count++;
    }
    return rows.subList(0, count);
  }

  private Uni<?> apply(JournalBatch batch) {
    return world.bug() == PlantedBug.GAP_SKIPPED
        ? effects.apply(List.of(batch))
        : applier.apply(batch);
  }
}
