package dev.dome.cli.chaos;

import dev.dome.cli.bench.BenchStack;
import dev.dome.cli.bench.Workload;
import dev.dome.client.DomeClient;
import dev.dome.devstack.DevServer;
import dev.dome.devstack.SyncedWrites;
import dev.dome.devstack.SyscallTrace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Shows that nothing is answered before its fsync. Submissions go through the whole stack one at a
 * time while strace watches both servers. What holds a run's id must have been written and synced,
 * to a block of DOME_INBOX and to the write-ahead log, before the client had its 201.
 */
final class FsyncProof {
  private static final Workload.Chain CHAIN = new Workload.Chain();

  /** The files whose sync counts, by part of their paths. */
  private static final String INBOX = "/streams/DOME_INBOX/msgs/";

  private static final String WRITE_AHEAD_LOG = "/pg_wal/";

  private FsyncProof() {}

  /**
   * What came of it.
   *
   * @param answered submissions that were answered with 201
   * @param violations what was answered before it was on disk, or never was
   * @param notPossible why nothing was traced; empty when it was
   */
  record Report(int answered, List<Server> servers, List<String> violations, String notPossible) {}

  /**
   * One server.
   *
   * @param synced submissions that it had synced before they were answered
   * @param medianMs from the end of the sync to the answer
   */
  record Server(String name, String files, int synced, double medianMs) {}

  static Report of(int submissions, PrintWriter err, Consumer<String> progress) throws IOException {
    try (BenchStack stack = BenchStack.start(UnaryOperator.identity(), err);
        DomeClient client = stack.client("submitter")) {
      client.submit(CHAIN.document("fsync-first", "nobody"));
      Path traces = Files.createDirectories(stack.directory().resolve("traces"));
      progress.accept(submissions + " submissions, one after the other, with both servers traced");
      return traced(stack, traces, () -> answered(client, submissions));
    }
  }

  private interface Work {
    Map<String, Double> answers();
  }

  private static Report traced(BenchStack stack, Path traces, Work work) {
    DevServer nats = stack.stack().infrastructure().nats().orElseThrow();
    DevServer postgres = stack.stack().infrastructure().postgres().orElseThrow();
    return switch (SyscallTrace.attach(nats, traces)) {
      case SyscallTrace.Tried.Refused(String why) -> notPossible(why);
      case SyscallTrace.Tried.Attached(SyscallTrace ofNats) -> {
        try (ofNats) {
          yield switch (SyscallTrace.attach(postgres, traces)) {
            case SyscallTrace.Tried.Refused(String why) -> notPossible(why);
            case SyscallTrace.Tried.Attached(SyscallTrace ofPostgres) -> {
              try (ofPostgres) {
                Map<String, Double> answers = work.answers();
                yield judged(answers, ofNats.end(), ofPostgres.end());
              }
            }
          };
        }
      }
    };
  }

  private static Report notPossible(String why) {
    return new Report(0, List.of(), List.of(), why);
  }

  private static Map<String, Double> answered(DomeClient client, int submissions) {
    Map<String, Double> answers = new LinkedHashMap<>();
    for (int i = 0; i < submissions; i++) {
      String runId = String.format(Locale.ROOT, "fsync-%06d", i);
      client.submit(CHAIN.document(runId, "nobody"));
      Instant now = Instant.now();
      answers.put(runId, now.getEpochSecond() + now.getNano() / 1e9);
    }
    return answers;
  }

  private static Report judged(
      Map<String, Double> answers, SyncedWrites ofNats, SyncedWrites ofPostgres) {
    List<String> violations = new ArrayList<>();
    List<Server> servers =
        List.of(
            server("nats-server", INBOX, ofNats, answers, violations),
            server("PostgreSQL", WRITE_AHEAD_LOG, ofPostgres, answers, violations));
    return new Report(answers.size(), servers, violations, "");
  }

  private static Server server(
      String name,
      String files,
      SyncedWrites writes,
      Map<String, Double> answers,
      List<String> violations) {
    List<Double> gaps = new ArrayList<>();
    answers.forEach((runId, answeredAt) -> {
      OptionalDouble syncedAt = writes.syncedAt(runId, files);
      if (syncedAt.isPresent() && syncedAt.getAsDouble() <= answeredAt) {
        gaps.add((answeredAt - syncedAt.getAsDouble()) * 1e3);
      } else {
        violations.add(
            runId + " was answered before " + name + " had it synced to a file in " + files);
      }
    });
    double[] sorted = gaps.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Server(
        name, files, sorted.length, sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2]);
  }

  static void print(PrintWriter out, Report report) {
    if (!report.notPossible().isEmpty()) {
      out.printf("not possible here: %s%n", report.notPossible());
    }
    for (Server server : report.servers()) {
      out.printf(
          Locale.ROOT,
          "%-12s %d of %d answers came after the sync of their write to %s, %.1f ms after it in the"
              + " median%n",
          server.name(),
          server.synced(),
          report.answered(),
          server.files(),
          server.medianMs());
    }
    report.violations().forEach(violation -> out.printf("VIOLATED %s%n", violation));
    out.flush();
  }
}
