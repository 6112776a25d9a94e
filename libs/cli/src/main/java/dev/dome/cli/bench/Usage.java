package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.devstack.LocalDatabase;
import dev.dome.devstack.StackState;
import dev.dome.migrations.Database;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
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
  private static final String COMMITS =
      "SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = current_database()";

  /** Reads it from the stack's processes, its database and its NATS server. */
  static Usage now(BenchStack stack) throws IOException, InterruptedException {
    StackState state = stack.state();
    try (NatsMonitor monitor = new NatsMonitor(state)) {
      JsonNode nats = monitor.server();
      return new Usage(
          ProcessTimes.now(state),
          commits(stack),
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

  private static long commits(BenchStack stack) {
    Database admin = LocalDatabase.of(stack.directory(), stack.state()).orElseThrow();
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(COMMITS)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new CliException(ExitCode.FAILED, "the database cannot be asked: " + e, "./dome logs");
    }
  }
}
