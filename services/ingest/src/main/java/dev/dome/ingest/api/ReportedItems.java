package dev.dome.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.ingest.application.Answer;
import dev.dome.web.ProblemException;
import dev.dome.web.ProblemResponses;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Several reports in one request. Each is answered as if it had come alone, and what is refused of
 * one says nothing about the others.
 */
@Singleton
final class ReportedItems {
  /** Items of one request at most. */
  static final int MAX = 100;

  private final Endpoint endpoint;

  ReportedItems(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * One report of a request.
   *
   * @param at the JSON pointer of the report in its body; the pointers of its errors are below it
   * @param attemptId as it came; null when the report names none that could be told
   * @param instance the path that its problem names
   * @param report puts it into the inbox; may throw a {@link ProblemException}
   */
  record Item(
      String at, String attemptId, String instance, Supplier<CompletionStage<Answer>> report) {}

  /**
   * What became of one report: either an outcome or a problem.
   *
   * @param status what it would have been answered with alone
   */
  record ItemAnswer(String attemptId, int status, JsonNode outcome, JsonNode problem) {}

  /** The answers, in the order of the request. */
  record ItemAnswers(List<ItemAnswer> results) {}

  /** How a report ended. */
  private sealed interface End {
    record Answered(Item item, Answer answer) implements End {}

    /** Before it was a write. */
    record Refused(Item item, ProblemException problem) implements End {}
  }

  /** Runs all items and answers when each has its answer; 200 whatever became of them. */
  Uni<Response> answer(NamespaceId namespace, Supplier<List<Item>> items) {
    Consumer<ProblemException> refusals = endpoint.refusals();
    return endpoint.answer(
        () -> all(items.get().stream().map(ReportedItems::run).toList()),
        ends -> {
          List<ItemAnswer> answers =
              ends.stream().map(end -> settled(namespace, end, refusals)).toList();
          return Answers.json(200, new ItemAnswers(answers)).build();
        });
  }

  private static CompletionStage<End> run(Item item) {
    try {
      return item.report().get().thenApply(answer -> new End.Answered(item, answer));
    } catch (ProblemException problem) {
      return CompletableFuture.completedStage(new End.Refused(item, problem));
    }
  }

  private static ItemAnswer settled(
      NamespaceId namespace, End end, Consumer<ProblemException> refusals) {
    return switch (end) {
      case End.Answered(Item item, Answer answer) -> settled(namespace, item, answer, refusals);
      case End.Refused(Item item, ProblemException problem) -> refused(item, problem, refusals);
    };
  }

  private static ItemAnswer settled(
      NamespaceId namespace, Item item, Answer answer, Consumer<ProblemException> refusals) {
    try (Response alone = Answers.of(namespace, answer)) {
      return new ItemAnswer(item.attemptId(), alone.getStatus(), body(alone), null);
    } catch (ProblemException problem) {
      return refused(item, problem, refusals);
    }
  }

  private static ItemAnswer refused(
      Item item, ProblemException problem, Consumer<ProblemException> refusals) {
    refusals.accept(problem);
    try (Response alone = ProblemResponses.of(problem.below(item.at()), item.instance())) {
      return new ItemAnswer(item.attemptId(), alone.getStatus(), null, body(alone));
    }
  }

  private static JsonNode body(Response response) {
    return Json.read((byte[]) response.getEntity(), JsonNode.class);
  }

  private static CompletionStage<List<End>> all(List<CompletionStage<End>> stages) {
    CompletionStage<List<End>> all = CompletableFuture.completedStage(new ArrayList<>());
    for (CompletionStage<End> stage : stages) {
      all =
          all.thenCombine(
              stage,
              (ends, end) -> {
                ends.add(end);
                return ends;
              });
    }
    return all;
  }
}
