package dev.dome.journal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import java.util.List;
import java.util.stream.LongStream;

/** Journal rows that differ in their position only. */
final class Lines {
  private static final NamespaceId NAMESPACE = new NamespaceId("tenant-a");
  private static final RunId RUN = new RunId("run-1");
  private static final RunUid UID = RunUid.derive(NAMESPACE, RUN, "submission");

  private Lines() {}

  static List<PublishedRow> rows(Lane lane, long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(position -> row(lane, position)).toList();
  }

  static List<byte[]> bodies(Lane lane, long from, long to) {
    return rows(lane, from, to).stream().map(Json::write).toList();
  }

  static List<Long> positions(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static PublishedRow row(Lane lane, long position) {
    EventEnvelope envelope =
        new EventEnvelope(
            EventEnvelope.SCHEMA_VERSION,
            position,
            UID.eventId(position),
            Timestamps.format(0),
            "task.assigned",
            RUN,
            JsonNodeFactory.instance.objectNode());
    return new PublishedRow(
        UID,
        NAMESPACE,
        lane,
        position,
        PublishedRow.Kind.EVENT,
        envelope,
        "0".repeat(64),
        "0".repeat(64));
  }
}
