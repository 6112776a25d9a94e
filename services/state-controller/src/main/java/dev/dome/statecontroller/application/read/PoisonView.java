package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.dome.contracts.Timestamps;
import dev.dome.statecontroller.application.read.PoisonReads.PoisonRecord;
import java.nio.charset.StandardCharsets;

/**
 * An input that could not be handled and was set aside, once.
 *
 * @param reasonCode INTERNAL.POISON
 * @param cause what was thrown
 * @param at RFC 3339 UTC, when it was set aside
 * @param kind what it asked for; absent, like the four fields after it, where the message does not
 *     say it
 * @param bytes of the stored text in UTF-8
 * @param message redacted: JSON where it is JSON, else a text; absent in lists
 */
public record PoisonView(
    String poisonId,
    int lane,
    String inboxIncarnation,
    long inboxSequence,
    String reasonCode,
    String cause,
    String at,
    String kind,
    String namespace,
    String operationId,
    String runId,
    String attemptId,
    int bytes,
    JsonNode message) {

  /** As a list has it. */
  public static PoisonView listed(PoisonRecord poison) {
    return of(poison, JsonText.ifTree(poison.message()), null);
  }

  /** With its message. */
  public static PoisonView whole(PoisonRecord poison) {
    JsonNode tree = JsonText.ifTree(poison.message());
    return of(poison, tree, tree.isMissingNode() ? TextNode.valueOf(poison.message()) : tree);
  }

  private static PoisonView of(PoisonRecord poison, JsonNode tree, JsonNode message) {
    PoisonId id = poison.id();
    return new PoisonView(
        id.toString(),
        id.lane().number(),
        id.incarnation(),
        id.sequence(),
        poison.reasonCode(),
        poison.cause(),
        Timestamps.format(poison.atMs()),
        tree.path("kind").textValue(),
        tree.path("namespace").textValue(),
        tree.path("operation_id").textValue(),
        tree.path("run_id").textValue(),
        tree.path("attempt_id").textValue(),
        poison.message().getBytes(StandardCharsets.UTF_8).length,
        message);
  }
}
