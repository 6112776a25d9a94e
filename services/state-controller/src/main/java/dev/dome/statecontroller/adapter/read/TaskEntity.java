package dev.dome.statecontroller.adapter.read;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
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
  String namespace;
  String queue;
  String status;
  boolean assigned;
}
