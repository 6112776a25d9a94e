package dev.dome.ingest.application;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.ingest.application.DeadLetters.Filter;
import dev.dome.ingest.application.DeadLetters.Item;
import dev.dome.ingest.application.DeadLetters.Page;
import dev.dome.ingest.application.DeadLetters.Read;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Redrives the runs of many dead letters, one after the other: a run is redriven once, whatever
 * number of its tasks were given up. One request goes so far and says whether there is more.
 */
public final class BulkRedrives {
  /** Runs of one request at most. */
  static final int MAX_RUNS = 50;

  private final DeadLetters deadLetters;
  private final Redrives redrives;

  public BulkRedrives(DeadLetters deadLetters, Redrives redrives) {
    this.deadLetters = deadLetters;
    this.redrives = redrives;
  }

  /**
   * What came of the request.
   *
   * @param more whether the filter finds further runs; the same request goes on with them
   */
  public record Result(boolean dryRun, List<OfRun> items, boolean more) {}

  /**
   * What came of one run.
   *
   * @param redrivenAs the new run, or the one there would be; null when it was refused
   * @param status the HTTP status a redrive of it alone has; of a dry run, the one that is expected
   *     unless a redrive of it is under way already, which only the controller can say
   * @param reasonCode why it was refused, or null
   * @param operationId where a redrive is told of that is not decided, or was refused after it was
   *     stored; else null
   */
  public record OfRun(
      RunId runId,
      List<String> deadLetterIds,
      int status,
      RunId redrivenAs,
      ReasonCode reasonCode,
      String operationId) {}

  /** What was found, by run, in the order of the list. */
  private record Found(Map<RunUid, List<Item>> byRun, boolean more) {}

  /** Either what was done or why nothing could be. */
  public sealed interface Outcome {
    /** Each run has its own answer. */
    record Done(Result result) implements Outcome {}

    /** The dead letters could not be listed; nothing was started. */
    record Refused(Answer answer) implements Outcome {}
  }

  /**
   * Redrives, or only says what would be redriven.
   *
   * @param rawBody the bytes as received, by which a repeat is recognised
   */
  public CompletionStage<Outcome> redrive(
      Redrives.Ask ask, byte[] rawBody, Filter filter, boolean dryRun) {
    return find(ask, filter, new LinkedHashMap<>(), Optional.empty())
        .thenCompose(found ->
            found
                .map(runs -> all(ask, rawBody, runs, dryRun).<Outcome>thenApply(Outcome.Done::new))
                .orElseGet(() ->
                    CompletableFuture.completedStage(new Outcome.Refused(Redrives.ownerAway()))));
  }

  private CompletionStage<Optional<Found>> find(
      Redrives.Ask ask, Filter filter, Map<RunUid, List<Item>> byRun, Optional<String> cursor) {
    return deadLetters
        .open(ask.namespace(), filter, cursor, ask.bearer())
        .thenCompose(read -> {
          if (!(read instanceof Read.Found<Page>(Page page))) {
            return CompletableFuture.completedStage(Optional.empty());
          }
          for (Item item : page.items()) {
            if (!byRun.containsKey(item.runUid()) && byRun.size() == MAX_RUNS) {
              return CompletableFuture.completedStage(Optional.of(new Found(byRun, true)));
            }
            byRun.computeIfAbsent(item.runUid(), run -> new ArrayList<>()).add(item);
          }
          return page.nextCursor() == null
              ? CompletableFuture.completedStage(Optional.of(new Found(byRun, false)))
              : find(ask, filter, byRun, Optional.of(page.nextCursor()));
        });
  }

  private CompletionStage<Result> all(
      Redrives.Ask ask, byte[] rawBody, Found found, boolean dryRun) {
    CompletionStage<List<OfRun>> done = CompletableFuture.completedStage(new ArrayList<>());
    for (List<Item> ofRun : found.byRun().values()) {
      done =
          done.thenCompose(items ->
              (dryRun ? look(ask, ofRun) : start(ask, rawBody, ofRun))
                  .thenApply(item -> {
                    items.add(item);
                    return items;
                  }));
    }
    return done.thenApply(items -> new Result(dryRun, List.copyOf(items), found.more()));
  }

  private CompletionStage<OfRun> look(Redrives.Ask ask, List<Item> ofRun) {
    return redrives
        .prepare(ask, ofRun.getFirst().deadLetterId())
        .thenApply(prepared ->
            switch (prepared) {
              case Redrives.Prepared.Ready ready -> started(ofRun, 201, ready.nextRunId());
              case Redrives.Prepared.Impossible(Answer answer) -> item(ofRun, answer);
            });
  }

  private CompletionStage<OfRun> start(Redrives.Ask ask, byte[] rawBody, List<Item> ofRun) {
    return redrives
        .redrive(ask, rawBody, ofRun.getFirst().deadLetterId())
        .thenApply(answer -> item(ofRun, answer));
  }

  private static OfRun item(List<Item> ofRun, Answer answer) {
    return switch (answer) {
      case Answer.Decided(dev.dome.contracts.wire.Outcome outcome) ->
          outcome.accepted()
              ? started(
                  ofRun, outcome.status(), new RunId(outcome.body().required("run_id").asText()))
              : refused(ofRun, outcome.status(), outcome.reasonCode(), outcome.operationId());
      case Answer.Queued queued -> item(ofRun, 202, null, null, queued.operationId());
      case Answer.Refused(Refusal refusal) ->
          refused(ofRun, refusal.httpStatus(), refusal.code(), null);
      case Answer.Unavailable unavailable ->
          refused(
              ofRun,
              unavailable.refusal().httpStatus(),
              unavailable.refusal().code(),
              unavailable.operationId());
    };
  }

  private static OfRun started(List<Item> ofRun, int status, RunId redrivenAs) {
    return item(ofRun, status, redrivenAs, null, null);
  }

  private static OfRun refused(List<Item> ofRun, int status, ReasonCode code, String operationId) {
    return item(ofRun, status, null, code, operationId);
  }

  private static OfRun item(
      List<Item> ofRun, int status, RunId redrivenAs, ReasonCode code, String operationId) {
    return new OfRun(
        ofRun.getFirst().runId(),
        ofRun.stream().map(Item::deadLetterId).toList(),
        status,
        redrivenAs,
        code,
        operationId);
  }
}
