package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A rebuild of the streams, followed until every lane is published again. */
public final class StreamRebuild {
  private static final long LOOK_EVERY_MS = 250;

  private final DomeClient system;
  private final Map<Integer, Asked> asked = new TreeMap<>();
  private final List<String> made = new ArrayList<>();

  /** What a lane was asked, and from its answer on which rows it publishes again. */
  private record Asked(String operationId, Long after, Long position) {}

  /**
   * How far a lane has come.
   *
   * @param after lane position behind which it is published again; null until its owner answered
   * @param position of the last row that has to be there again; null until then
   * @param published up to where it is
   */
  public record LaneProgress(int lane, Long after, Long position, long published) {
    /** Whether everything that was there when the owner answered is there again. */
    public boolean done() {
      return position != null && published >= position;
    }

    /** Rows left to publish, as far as is known. */
    long left() {
      return position == null ? 0 : Math.max(0, position - published);
    }
  }

  private StreamRebuild(DomeClient system) {
    this.system = system;
  }

  /**
   * Begins a rebuild.
   *
   * @param system a client that holds operator in the namespace of dome itself
   * @param after lane position behind which the journal is published again, 0 for all of it
   * @param lanes which, all of them when empty
   */
  public static StreamRebuild begin(DomeClient system, long after, List<Integer> lanes) {
    StreamRebuild rebuild = new StreamRebuild(system);
    JsonNode answer = system.rebuildStreams(after, lanes);
    answer.path("streams_made").forEach(name -> rebuild.made.add(name.asText()));
    for (JsonNode lane : answer.path("lanes")) {
      rebuild.asked.put(lane.path("lane").asInt(), asked(lane.path("operation_id"), lane));
    }
    return rebuild;
  }

  /** Names of the streams that were gone. */
  public List<String> streamsMade() {
    return List.copyOf(made);
  }

  /**
   * Follows the lanes until all are published again or the time is over.
   *
   * @return where they stand then
   */
  public List<LaneProgress> follow(Duration patience, Consumer<List<LaneProgress>> progress) {
    long deadline = System.nanoTime() + patience.toNanos();
    List<LaneProgress> lanes = look();
    progress.accept(lanes);
    while (!lanes.stream().allMatch(LaneProgress::done) && System.nanoTime() < deadline) {
      pause();
      lanes = look();
      progress.accept(lanes);
    }
    return lanes;
  }

  /** Where the lanes stand now. */
  public List<LaneProgress> look() {
    // The owner's answer first: only what is read of the lane after it was set back counts.
    asked.replaceAll((lane, ask) -> ask.position() == null ? answered(ask) : ask);
    List<LaneProgress> lanes = new ArrayList<>();
    for (JsonNode lane : system.readGlobal("lanes", Map.of()).path("items")) {
      Asked ask = asked.get(lane.path("lane").asInt());
      if (ask != null) {
        lanes.add(
            new LaneProgress(
                lane.path("lane").asInt(),
                ask.after(),
                ask.position(),
                lane.path("published_position").asLong()));
      }
    }
    return lanes;
  }

  private Asked answered(Asked ask) {
    JsonNode operation = system.read("operations/" + ask.operationId(), Map.of());
    return asked(operation.path("operation_id"), operation.path("outcome").path("body"));
  }

  private static Asked asked(JsonNode operationId, JsonNode answer) {
    return new Asked(operationId.asText(), number(answer, "after"), number(answer, "position"));
  }

  private static Long number(JsonNode object, String name) {
    return object.hasNonNull(name) ? (Long) object.path(name).asLong() : null;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while lanes were published", e);
    }
  }
}
