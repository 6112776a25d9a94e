package dev.dome.statecontroller.adapter.read;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** Table operation; the outcome is JSON text. */
@Entity
@Immutable
@Table(name = "operation")
@IdClass(OperationEntity.Key.class)
class OperationEntity {
  record Key(String namespace, String operationId) {}

  @Id String namespace;
  @Id String operationId;
  String outcome;
}
