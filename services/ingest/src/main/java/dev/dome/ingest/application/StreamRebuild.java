package dev.dome.ingest.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * Makes the streams again and has every lane's owner publish its journal anew. Each owner is asked
 * by its lane's inbox, as for every other write, so whoever owns the lane does it, and does it also
 * when it dies before it could begin.
 */
public final class StreamRebuild {
  private static final int AWAY_RETRY_AFTER_SECONDS = 2;

  private final Streams streams;
  private final Writes writes;
  private final int laneCount;

  public StreamRebuild(Streams streams, Writes writes, int laneCount) {
    this.streams = streams;
    this.writes = writes;
    this.laneCount = laneCount;
  }

  /**
   * What was begun.
   *
   * @param streamsMade names of the streams that were gone
   */
  public record Begun(List<String> streamsMade, List<Asked> lanes) {
    /** Whether every lane's owner has answered. */
    public boolean decided() {
      return lanes.stream().allMatch(lane -> lane.status() == 200);
    }
  }

  /**
   * One lane.
   *
   * @param status 200 when its owner has set it back, 202 when it will: the operation tells
   * @param after position behind which it is published again, null until its owner answered
   * @param position of its last row when its owner answered, null until then
   */
  public record Asked(int lane, int status, String operationId, Long after, Long position) {}

  /** How it ended. */
  public sealed interface Result {
    record Done(Begun begun) implements Result {}

    /** Some lanes may have been asked; asking again is safe. */
    record Refused(Answer answer) implements Result {}
  }

  /** Whether there is such a lane. */
  public boolean has(int lane) {
    return lane < laneCount;
  }

  /**
   * Begins it.
   *
   * @param after position behind which each lane is published again, 0 for all of it
   * @param lanes which, all of them when empty
   */
  public CompletionStage<Result> begin(Requester requester, long after, List<Integer> lanes) {
    List<Integer> wanted = lanes.isEmpty() ? IntStream.range(0, laneCount).boxed().toList() : lanes;
    return streams
        .rebuild()
        .thenCompose(made ->
            made.isPresent()
                ? ask(requester, after, wanted)
                    .thenApply(answers -> result(made.orElseThrow(), wanted, answers))
                : CompletableFuture.completedStage(new Result.Refused(away())));
  }

  private CompletionStage<List<Answer>> ask(Requester requester, long after, List<Integer> lanes) {
    Writes.Request request =
        new Writes.Request(
            InboxKind.REPUBLISH_LANE,
            "streams.rebuild",
            Optional.empty(),
            new InboxBodies.Republish(after));
    CompletionStage<List<Answer>> all = CompletableFuture.completedStage(new ArrayList<>());
    for (int lane : lanes) {
      // Every lane is asked at once; only the answers are gathered in order.
      CompletionStage<Answer> answer = writes.aboutLane(requester, new Lane(lane), request);
      all =
          all.thenCombine(
              answer,
              (answers, next) -> {
                answers.add(next);
                return answers;
              });
    }
    return all;
  }

  private static Result result(List<String> made, List<Integer> lanes, List<Answer> answers) {
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < lanes.size(); i++) {
      switch (answers.get(i)) {
        case Answer.Decided(Outcome outcome) when outcome.accepted() ->
            asked.add(decided(lanes.get(i), outcome));
        case Answer.Queued queued ->
            asked.add(new Asked(lanes.get(i), 202, queued.operationId(), null, null));
        case Answer other -> {
          return new Result.Refused(other);
        }
      }
    }
    return new Result.Done(new Begun(made, List.copyOf(asked)));
  }

  private static Asked decided(int lane, Outcome outcome) {
    return new Asked(
        lane,
        200,
        outcome.operationId(),
        outcome.body().path("after").asLong(),
        outcome.body().path("position").asLong());
  }

  private static Answer away() {
    return new Answer.Unavailable(
        Answer.Stored.NO,
        Refusal.of(
            "INFRA.NATS_UNAVAILABLE",
            "The message server could not make the streams; nothing was begun."),
        AWAY_RETRY_AFTER_SECONDS);
  }
}
