package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.devstack.DatabaseUse;
import dev.dome.devstack.StackState;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a stack has used since it was started.
 *
 * @param cpu of each process
 * @param commits transactions of the database, those of its own upkeep among them
 * @param natsIn messages that clients sent to NATS, acknowledgements and requests among them
 * @param natsOut messages that NATS sent to clients
 */
record Usage(ProcessTimes cpu, long commits, long natsIn, long natsOut) {
  /** Reads it from the stack's processes, its database and its NATS server. */
  static Usage now(BenchStack stack) throws IOException, InterruptedException {
    StackState state = stack.state();
    try (NatsMonitor monitor = new NatsMonitor(state)) {
      JsonNode nats = monitor.server();
      return new Usage(
          ProcessTimes.now(state),
          DatabaseUse.commits(stack.directory(), state),
          nats.path("in_msgs").asLong(),
          nats.path("out_msgs").asLong());
    }
  }

  /** What was used since, of each run. */
  PerRun since(Usage before, int runs) {
    Map<String, Double> cpuMs = new TreeMap<>();
    cpu.since(before.cpu()).forEach((name, ms) -> cpuMs.put(name, (double) ms / runs));
    return new PerRun(
        cpuMs,
        (double) (commits - before.commits()) / runs,
        (double) (natsIn - before.natsIn()) / runs,
        (double) (natsOut - before.natsOut()) / runs);
  }

  /**
   * Shares of one run.
   *
   * @param cpuMs by process
   */
  record PerRun(Map<String, Double> cpuMs, double commits, double natsIn, double natsOut) {
    double allCpuMs() {
      return cpuMs.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }
}
