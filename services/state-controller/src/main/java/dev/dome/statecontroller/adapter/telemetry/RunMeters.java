package dev.dome.statecontroller.adapter.telemetry;

import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunStatus;
import dev.dome.statecontroller.application.Changes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Runs that began and that ended, by how; committed ones only. No label carries a namespace. */
final class RunMeters {
  private final Counter begun;
  private final Map<RunStatus, Counter> ended = new EnumMap<>(RunStatus.class);

  RunMeters(MeterRegistry registry) {
    this.begun =
        Counter.builder("dome.runs.begun")
            .description("Runs that were accepted and planned")
            .register(registry);
    for (RunStatus status : RunStatus.values()) {
      if (status.isFinal()) {
        ended.put(
            status,
            Counter.builder("dome.runs.ended")
                .description("Runs that reached a final status; EXPIRED is the one no one decided")
                .tag("status", status.name())
                .register(registry));
      }
    }
  }

  void count(List<Changes.JournalLine> lines) {
    for (Changes.JournalLine line : lines) {
      JournalRow row = line.row();
      switch (row.envelope().topic()) {
        case "plan.wave.created" -> begun.increment();
        case "run.completed" ->
            ended
                .get(RunStatus.valueOf(row.envelope().payload().path("status").asText()))
                .increment();
        default -> {
          // Of a run's life only its two ends are counted here.
        }
      }
    }
  }
}
