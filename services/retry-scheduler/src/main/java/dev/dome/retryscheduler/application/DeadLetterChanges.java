package dev.dome.retryscheduler.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What some journal rows mean for dead letters.
 *
 * @param dead tasks that were given up
 * @param redrives tasks that other runs try again
 */
public record DeadLetterChanges(List<DeadLetter> dead, List<DeadLetter.Redrive> redrives) {
  /** The queue of tasks that name none. */
  private static final String DEFAULT_QUEUE = "default";

  /** Reads rows in order. */
  public static DeadLetterChanges of(List<PublishedRow> rows) {
    List<DeadLetter> dead = new ArrayList<>();
    List<DeadLetter.Redrive> redrives = new ArrayList<>();
    for (PublishedRow row : rows) {
      if (row.kind() == PublishedRow.Kind.EVENT) {
        switch (row.envelope().topic()) {
          case "task.dead_lettered" -> dead.add(dead(row));
          case "task.redriven" -> redrives.add(redrive(row));
          default -> {}
        }
      }
    }
    return new DeadLetterChanges(List.copyOf(dead), List.copyOf(redrives));
  }

  private static DeadLetter dead(PublishedRow row) {
    JsonNode payload = row.envelope().payload();
    List<AttemptRecord> history =
        StreamSupport.stream(payload.required("attempt_history").spliterator(), false)
            .map(attempt -> Json.read(attempt, AttemptRecord.class))
            .toList();
    return new DeadLetter(
        row.runUid() + "-" + row.envelope().sequence(),
        row.namespace(),
        row.runUid(),
        row.envelope().runId(),
        new TaskId(payload.required("task_id").asText()),
        new QueueName(payload.path("queue").asText(DEFAULT_QUEUE)),
        new ReasonCode(payload.required("reason_code").asText()),
        history.isEmpty() ? null : history.getLast().reasonCode(),
        history,
        Timestamps.parse(row.envelope().ts()));
  }

  private static DeadLetter.Redrive redrive(PublishedRow row) {
    JsonNode payload = row.envelope().payload();
    return new DeadLetter.Redrive(
        payload.required("dead_letter_id").asText(),
        row.namespace(),
        row.runUid(),
        row.envelope().runId(),
        payload.required("actor").asText(),
        new ReasonCode(payload.required("reason_code").asText()),
        payload.required("comment").asText(),
        Timestamps.parse(row.envelope().ts()));
  }
}
