package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import org.hibernate.annotations.Immutable;

/** Table journal. */
@Entity
@Immutable
@Table(name = "journal")
@IdClass(JournalEntity.Key.class)
class JournalEntity {
  record Key(String runUid, long sequence) {}

  @Id String runUid;
  @Id long sequence;
  String namespace;
  int lane;
  long lanePosition;
  String kind;
  String topic;
  String envelope;
  String prevHash;
  String hash;

  JournalRow toRow() {
    return new JournalRow(
        new RunUid(runUid),
        new NamespaceId(namespace),
        new Lane(lane),
        lanePosition,
        JournalEntry.Kind.valueOf(kind),
        Json.read(envelope.getBytes(StandardCharsets.UTF_8), EventEnvelope.class),
        prevHash,
        hash);
  }
}
