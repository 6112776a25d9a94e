package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.retryscheduler.application.DeadLetter;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A row of {@code dead_letter}. */
@Entity(name = "DeadLetter")
@Table(name = "dead_letter")
class DeadLetterEntity {
  @Id
  @Column(name = "dead_letter_id")
  String deadLetterId;

  @Column(nullable = false)
  String namespace;

  @Column(name = "run_uid", nullable = false)
  String runUid;

  @Column(name = "run_id", nullable = false)
  String runId;

  @Column(name = "task_id", nullable = false)
  String taskId;

  @Column(nullable = false)
  String queue;

  @Column(name = "reason_code", nullable = false)
  String reasonCode;

  String cause;

  @Column(nullable = false)
  int attempts;

  @Column(name = "attempt_history", nullable = false)
  String attemptHistory;

  @Column(name = "dead_at_ms", nullable = false)
  long deadAtMs;

  DeadLetterEntity() {}

  static DeadLetterEntity of(DeadLetter dead) {
    DeadLetterEntity entity = new DeadLetterEntity();
    entity.deadLetterId = dead.deadLetterId();
    entity.namespace = dead.namespace().value();
    entity.runUid = dead.runUid().value();
    entity.runId = dead.runId().value();
    entity.taskId = dead.taskId().value();
    entity.queue = dead.queue().value();
    entity.reasonCode = dead.reasonCode().value();
    entity.cause = dead.cause() == null ? null : dead.cause().value();
    entity.attempts = dead.attemptHistory().size();
    entity.attemptHistory = new String(Json.write(dead.attemptHistory()), StandardCharsets.UTF_8);
    entity.deadAtMs = dead.deadAtMs();
    return entity;
  }

  DeadLetter deadLetter() {
    return new DeadLetter(
        deadLetterId,
        new NamespaceId(namespace),
        new RunUid(runUid),
        new RunId(runId),
        new TaskId(taskId),
        new QueueName(queue),
        new ReasonCode(reasonCode),
        cause == null ? null : new ReasonCode(cause),
        List.of(Json.read(attemptHistory.getBytes(StandardCharsets.UTF_8), AttemptRecord[].class)),
        deadAtMs);
  }
}
