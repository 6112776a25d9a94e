package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.Json;
import dev.dome.kernel.TaskState;
import dev.dome.statecontroller.application.read.RunReads.TaskRecord;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import org.hibernate.annotations.Immutable;

/** Table task, without the columns that only the writer needs. */
@Entity
@Immutable
@Table(name = "task")
@IdClass(TaskEntity.Key.class)
class TaskEntity {
  record Key(String runUid, String taskId) {}

  @Id String runUid;
  @Id String taskId;
  int planIndex;
  String namespace;
  String queue;
  String status;
  boolean assigned;

  /** JSON of the kernel's state of it. */
  String state;

  TaskRecord toRecord() {
    return new TaskRecord(
        planIndex, Json.read(state.getBytes(StandardCharsets.UTF_8), TaskState.class));
  }
}
