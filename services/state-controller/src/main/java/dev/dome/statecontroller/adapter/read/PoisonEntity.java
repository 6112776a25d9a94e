package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.Lane;
import dev.dome.statecontroller.application.read.PoisonId;
import dev.dome.statecontroller.application.read.PoisonReads.PoisonRecord;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** Table poison. */
@Entity
@Immutable
@Table(name = "poison")
@IdClass(PoisonEntity.Key.class)
class PoisonEntity {
  record Key(int lane, String inboxIncarnation, long inboxSequence) {}

  @Id int lane;
  @Id String inboxIncarnation;
  @Id long inboxSequence;
  String reasonCode;
  String cause;
  String message;
  long atMs;

  PoisonRecord toRecord() {
    return new PoisonRecord(
        new PoisonId(new Lane(lane), inboxIncarnation, inboxSequence),
        reasonCode,
        cause,
        message,
        atMs);
  }
}
