package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.util.Map;

/** The topics of EVENT rows; frozen with the journal format. */
final class EventTopic {
  private static final Map<String, Class<? extends Event>> TYPES =
      Map.ofEntries(
          Map.entry("plan.wave.created", Event.PlanWaveCreated.class),
          Map.entry("task.assigned", Event.TaskAssigned.class),
          Map.entry("task.claimed", Event.TaskClaimed.class),
          Map.entry("task.started", Event.TaskStarted.class),
          Map.entry("task.result.raw", Event.TaskResultRaw.class),
          Map.entry("task.retry.scheduled", Event.TaskRetryScheduled.class),
          Map.entry("task.lease.expired", Event.TaskLeaseExpired.class),
          Map.entry("task.timed_out", Event.TaskTimedOut.class),
          Map.entry("task.redriven", Event.TaskRedriven.class),
          Map.entry("task.dead_lettered", Event.TaskDeadLettered.class),
          Map.entry("task.result", Event.TaskSettled.class),
          Map.entry("gate.requested", Event.GateRequested.class),
          Map.entry("gate.verdict", Event.GateVerdict.class),
          Map.entry("approval.recorded", Event.ApprovalRecorded.class),
          Map.entry("promotion.decision", Event.PromotionDecided.class),
          Map.entry("run.breaker.changed", Event.RunBreakerChanged.class),
          Map.entry("run.paused", Event.RunPaused.class),
          Map.entry("run.resumed", Event.RunResumed.class),
          Map.entry("run.cancelled", Event.RunCancelled.class),
          Map.entry("run.expired", Event.RunExpired.class),
          Map.entry("run.completed", Event.RunCompleted.class),
          Map.entry("transition.rejected", Event.TransitionRejected.class));

  private EventTopic() {}

  static String of(Event event) {
    return switch (event) {
      case Event.PlanWaveCreated e -> "plan.wave.created";
      case Event.TaskAssigned e -> "task.assigned";
      case Event.TaskClaimed e -> "task.claimed";
      case Event.TaskStarted e -> "task.started";
      case Event.TaskResultRaw e -> "task.result.raw";
      case Event.TaskRetryScheduled e -> "task.retry.scheduled";
      case Event.TaskLeaseExpired e -> "task.lease.expired";
      case Event.TaskTimedOut e -> "task.timed_out";
      case Event.TaskRedriven e -> "task.redriven";
      case Event.TaskDeadLettered e -> "task.dead_lettered";
      case Event.TaskSettled e -> "task.result";
      case Event.GateRequested e -> "gate.requested";
      case Event.GateVerdict e -> "gate.verdict";
      case Event.ApprovalRecorded e -> "approval.recorded";
      case Event.PromotionDecided e -> "promotion.decision";
      case Event.RunBreakerChanged e -> "run.breaker.changed";
      case Event.RunPaused e -> "run.paused";
      case Event.RunResumed e -> "run.resumed";
      case Event.RunCancelled e -> "run.cancelled";
      case Event.RunExpired e -> "run.expired";
      case Event.RunCompleted e -> "run.completed";
      case Event.TransitionRejected e -> "transition.rejected";
    };
  }

  static Event read(String topic, JsonNode payload) {
    Class<? extends Event> type = TYPES.get(topic);
    if (type == null) {
      throw new IllegalArgumentException("no released version wrote the topic " + topic);
    }
    return Json.read(payload, type);
  }
}
