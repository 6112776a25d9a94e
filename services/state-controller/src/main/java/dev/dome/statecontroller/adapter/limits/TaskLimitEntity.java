package dev.dome.statecontroller.adapter.limits;

import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.statecontroller.application.Rate;
import dev.dome.statecontroller.application.TaskLimit;
import dev.dome.statecontroller.application.limits.LimitStore.SetLimit;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** Table task_limit. */
@Entity
@Table(name = "task_limit")
@IdClass(TaskLimitEntity.Key.class)
class TaskLimitEntity {
  record Key(String namespace, String name) {}

  @Id String namespace;
  @Id String name;
  Integer maxConcurrent;
  Integer ratePermits;
  Integer ratePerSeconds;
  Integer rateBurst;
  long changedAtMs;
  String changedBy;

  static TaskLimitEntity of(SetLimit set) {
    TaskLimit limit = set.limit();
    TaskLimitEntity row = new TaskLimitEntity();
    row.namespace = limit.namespace().value();
    row.name = limit.name().value();
    row.maxConcurrent = limit.maxConcurrent();
    if (limit.rate() != null) {
      row.ratePermits = limit.rate().permits();
      row.ratePerSeconds = limit.rate().perSeconds();
      row.rateBurst = limit.rate().burst();
    }
    row.changedAtMs = set.changedAtMs();
    row.changedBy = set.changedBy();
    return row;
  }

  SetLimit toRecord() {
    Rate rate = ratePermits == null ? null : new Rate(ratePermits, ratePerSeconds, rateBurst);
    return new SetLimit(
        new TaskLimit(new NamespaceId(namespace), new LimitName(name), maxConcurrent, rate),
        changedAtMs,
        changedBy);
  }
}
