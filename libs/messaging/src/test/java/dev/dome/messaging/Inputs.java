package dev.dome.messaging;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.PublishedRow;
import java.util.List;
import java.util.stream.LongStream;

/** Messages for tests, told apart by a number. */
final class Inputs {
  static final NamespaceId NAMESPACE = new NamespaceId("tenant-a");
  static final RunId RUN = new RunId("run-1");

  private Inputs() {}

  static InboxMessage message(int number) {
    return message(number, "");
  }

  static InboxMessage message(int number, String filling) {
    return new InboxMessage(
        "operation-" + number,
        InboxKind.CANCEL_RUN,
        NAMESPACE,
        RUN,
        null,
        new Actor("someone", List.of("operator")),
        null,
        0,
        "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
        null,
        JsonNodeFactory.instance.objectNode().put("number", number).put("filling", filling));
  }

  static int number(byte[] message) {
    return Json.read(message, InboxMessage.class).body().get("number").asInt();
  }

  static byte[] row(Lane lane, long position) {
    return row(lane, position, "");
  }

  /** Larger than a message of any server that dome is run with. */
  static byte[] hugeRow(Lane lane, long position) {
    return row(lane, position, "x".repeat(3 << 20));
  }

  private static byte[] row(Lane lane, long position, String filling) {
    RunUid uid = RunUid.derive(NAMESPACE, RUN, "s");
    EventEnvelope envelope =
        new EventEnvelope(
            EventEnvelope.SCHEMA_VERSION,
            position,
            uid.eventId(position),
            "2026-01-01T00:00:00.000Z",
            "task.assigned",
            RUN,
            filling.isEmpty()
                ? JsonNodeFactory.instance.objectNode()
                : JsonNodeFactory.instance.objectNode().put("filling", filling));
    return Json.write(
        new PublishedRow(
            uid,
            NAMESPACE,
            lane,
            position,
            PublishedRow.Kind.EVENT,
            envelope,
            "0".repeat(64),
            "0".repeat(64)));
  }

  static List<byte[]> rows(Lane lane, long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(position -> row(lane, position)).toList();
  }
}
