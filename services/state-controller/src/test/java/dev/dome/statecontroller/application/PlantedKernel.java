package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.Context;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel with a mistake in it; replay uses the one without. */
final class PlantedKernel implements Decide {
  private static final long ROUNDED_MS = 1_000;

  private final PlantedBug bug;
  private final Map<RunUid, RunState> open = new HashMap<>();

  PlantedKernel(PlantedBug bug) {
    this.bug = bug;
  }

  @Override
  public Step step(RunState state, Input input, Context context) {
    return switch (bug) {
      case CONTEXT_NOT_RECORDED -> roundedTime(Kernel.step(state, input, context));
      case UNORDERED_ITERATION -> otherOrder(Kernel.step(state, input, context));
      case LATE_RESULT_ACCEPTED -> late(state, input, context);
      case FINAL_IS_NOT_FINAL -> afterTheEnd(state, input, context);
      default -> Kernel.step(state, input, context);
    };
  }

  private static Step roundedTime(Step step) {
    return with(
        step,
        step.entries().stream()
            .map(entry -> entry.kind() == JournalEntry.Kind.INPUT ? rounded(entry) : entry)
            .toList());
  }

  private static JournalEntry rounded(JournalEntry entry) {
    ObjectNode payload = entry.envelope().payload().deepCopy();
    ObjectNode context = payload.withObject("/context");
    context.put(
        "observed_at_ms", context.path("observed_at_ms").asLong() / ROUNDED_MS * ROUNDED_MS);
    return new JournalEntry(
        entry.kind(), with(entry.envelope(), entry.envelope().topic(), payload));
  }

  /** The first two neighbours of one topic change places. */
  private static Step otherOrder(Step step) {
    List<JournalEntry> entries = new ArrayList<>(step.entries());
    for (int i = 1; i + 1 < entries.size(); i++) {
      EventEnvelope one = entries.get(i).envelope();
      EventEnvelope other = entries.get(i + 1).envelope();
      if (one.topic().equals(other.topic())) {
        entries.set(
            i, new JournalEntry(JournalEntry.Kind.EVENT, with(one, one.topic(), other.payload())));
        entries.set(
            i + 1,
            new JournalEntry(JournalEntry.Kind.EVENT, with(other, one.topic(), one.payload())));
        break;
      }
    }
    return with(step, List.copyOf(entries));
  }

  private static Step late(RunState state, Input input, Context context) {
    Step step = Kernel.step(state, input, context);
    if (!(step.decision() instanceof Decision.Rejected)
        || !(input instanceof Input.ReportResult report)) {
      return step;
    }
    Optional<TaskState> current =
        state.task(report.result().taskId()).filter(task -> task.attemptId() != null);
    if (current.isEmpty()) {
      return step;
    }
    TaskState task = current.get();
    Input.ReportResult believed =
        new Input.ReportResult(task.attemptId(), task.fence(), report.result());
    return Kernel.step(state, believed, context);
  }

  /** A run goes on from where it was before its end. */
  private Step afterTheEnd(RunState state, Input input, Context context) {
    if (state != null && state.status().isFinal() && input instanceof Input.CancelRun) {
      RunState before = open.get(state.runUid());
      if (before != null) {
        return Kernel.step(before, input, context);
      }
    }
    if (state != null && !state.status().isFinal()) {
      open.put(state.runUid(), state);
    }
    return Kernel.step(state, input, context);
  }

  private static Step with(Step step, List<JournalEntry> entries) {
    return new Step(step.state(), step.decision(), entries, step.effects());
  }

  private static EventEnvelope with(EventEnvelope e, String topic, JsonNode payload) {
    return new EventEnvelope(
        e.schemaVersion(), e.sequence(), e.eventId(), e.ts(), topic, e.runId(), payload);
  }
}
