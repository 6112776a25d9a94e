package dev.dome.ingest.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.ingest.application.InboxBodies.SourceKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What the owners of dead letters and of runs know of them, asked for in the caller's name. Answers
 * never complete exceptionally.
 */
public interface DeadLetters {

  /** What a redrive of a dead letter's run would take over. */
  CompletionStage<Read<Plan>> plan(NamespaceId namespace, String deadLetterId, String bearer);

  /** The open dead letters that a filter finds, the latest first. */
  CompletionStage<Read<Page>> open(
      NamespaceId namespace, Filter filter, Optional<String> cursor, String bearer);

  /** Which dead letters; null means any. */
  record Filter(String queue, String runId) {}

  /** One page; nextCursor is null at the end. */
  record Page(List<Item> items, String nextCursor) {}

  /** A dead letter and the run it belongs to. */
  record Item(String deadLetterId, RunId runId, RunUid runUid) {}

  /**
   * The old run, as its owner tells it.
   *
   * @param runFinal whether it may be redriven
   * @param nextRunId the run that a redrive starts, or has started
   * @param profile may be null
   * @param evidence what is known of what the carried results name, null when they name nothing
   */
  record Plan(
      RunId runId,
      RunUid runUid,
      boolean runFinal,
      RunId nextRunId,
      SourceKind sourceKind,
      JsonNode document,
      JsonNode profile,
      List<String> submitters,
      JsonNode deadLetters,
      JsonNode carried,
      JsonNode evidence) {}

  /** What came back. */
  sealed interface Read<T> {
    /** What was asked for. */
    record Found<T>(T value) implements Read<T> {}

    /** The caller may not know of it, or it does not exist. */
    record Missing<T>() implements Read<T> {}

    /** The owner did not answer in time, or answered something else. */
    record Away<T>() implements Read<T> {}
  }
}
