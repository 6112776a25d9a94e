package dev.dome.ingest.application;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.ingest.application.DeadLetters.Filter;
import dev.dome.ingest.application.DeadLetters.Item;
import dev.dome.ingest.application.DeadLetters.Page;
import dev.dome.ingest.application.DeadLetters.Plan;
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
   * @param reasonCode why it was refused, or null
   * @param operationId where a durable but undecided redrive is told of, or null
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
        .plan(ask, ofRun.getFirst().deadLetterId())
        .thenApply(read ->
            switch (read) {
              case Read.Found<Plan>(Plan plan) ->
                  Redrives.refusal(plan)
                      .map(refusal -> item(ofRun, 409, null, refusal.code(), null))
                      .orElseGet(() -> item(ofRun, 201, plan.nextRunId(), null, null));
              case Read.Missing<Plan> missing ->
                  item(ofRun, 404, null, new ReasonCode("REQUEST.NOT_FOUND"), null);
              case Read.Away<Plan> away ->
                  item(ofRun, 503, null, new ReasonCode("INFRA.OWNER_UNAVAILABLE"), null);
            });
  }

  private CompletionStage<OfRun> start(Redrives.Ask ask, byte[] rawBody, List<Item> ofRun) {
    return redrives
        .redrive(ask, rawBody, ofRun.getFirst().deadLetterId())
        .thenApply(answer ->
            switch (answer) {
              case Answer.Decided(dev.dome.contracts.wire.Outcome outcome) ->
                  outcome.accepted()
                      ? item(
                          ofRun,
                          outcome.status(),
                          new RunId(outcome.body().required("run_id").asText()),
                          null,
                          null)
                      : item(ofRun, outcome.status(), null, outcome.reasonCode(), null);
              case Answer.Queued queued -> item(ofRun, 202, null, null, queued.operationId());
              case Answer.Refused(Refusal refusal) -> item(ofRun, 409, null, refusal.code(), null);
              case Answer.Unavailable unavailable ->
                  item(ofRun, 503, null, unavailable.refusal().code(), null);
            });
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
