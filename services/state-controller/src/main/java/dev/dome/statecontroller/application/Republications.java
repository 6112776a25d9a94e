package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lanes whose journal a batch was asked to publish again, and from where. */
final class Republications {
  private final Map<Lane, LaneState> lanes;
  private final Map<Lane, Long> asked = new LinkedHashMap<>();

  Republications(Map<Lane, LaneState> lanes) {
    this.lanes = lanes;
  }

  /** Asked twice, the lane goes back to the earlier position. */
  Outcome ask(Ask ask) {
    InboxMessage message = ask.message();
    Lane lane = ask.delivery().lane();
    long position = lanes.get(lane).position;
    long after =
        Math.clamp(Json.read(message.body(), InboxBody.Republish.class).after(), 0, position);
    asked.merge(lane, after, Math::min);
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("lane", lane.number());
    body.put("after", after);
    body.put("position", position);
    return new Outcome(message.operationId(), 200, body, null, null, List.of(), null);
  }

  List<Changes.Rewind> rewinds() {
    return asked.entrySet().stream()
        .map(lane -> new Changes.Rewind(lane.getKey(), lane.getValue()))
        .toList();
  }
}
