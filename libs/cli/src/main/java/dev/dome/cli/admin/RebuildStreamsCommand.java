package dev.dome.cli.admin;

import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.admin.StreamRebuild.LaneProgress;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the streams again from what the database holds. */
@Command(
    name = "rebuild-streams",
    description = {
      "Makes DOME_INBOX and DOME_JOURNAL again if they are gone, with the configuration they should"
          + " have, and publishes the journal into DOME_JOURNAL from the database.",
      "Consumers skip the rows they have. Repeating it is safe; what a lost DOME_INBOX held and was"
          + " not applied cannot be brought back."
    },
    mixinStandardHelpOptions = true)
final class RebuildStreamsCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      defaultValue = "0",
      description = "Publish the rows behind this lane position (default: 0, all of them).")
  private long after;

  @Option(names = "--lane", description = "Only this lane; may be repeated (default: every lane).")
  private List<Integer> lanes = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long to wait until all is published (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Override
  public ExitCode call() {
    try (DomeClient system = server.systemClient("operator")) {
      StreamRebuild rebuild = StreamRebuild.begin(system, after, lanes);
      PrintWriter err = spec.commandLine().getErr();
      rebuild.streamsMade().forEach(name -> err.println(name + " was gone and is made again"));
      List<LaneProgress> reached =
          rebuild.follow(Duration.ofSeconds(timeoutSeconds), progress(err));
      output.print(
          spec.commandLine().getOut(), reached.stream().map(RebuildStreamsCommand::row).toList());
      if (reached.stream().allMatch(LaneProgress::done)) {
        return ExitCode.OK;
      }
      err.println(
          "not everything is published yet; the owners go on: ./dome admin verify shows the lanes");
      return ExitCode.TIMEOUT;
    }
  }

  private static Map<String, Object> row(LaneProgress lane) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("lane", lane.lane());
    row.put("after", lane.after());
    row.put("position", lane.position());
    row.put("published", lane.published());
    row.put("state", lane.done() ? "DONE" : lane.position() == null ? "ASKED" : "PUBLISHING");
    return row;
  }

  private Consumer<List<LaneProgress>> progress(PrintWriter err) {
    AtomicReference<String> said = new AtomicReference<>("");
    return lanes -> {
      String now =
          "%d of %d lanes published, %d rows to go"
              .formatted(
                  lanes.stream().filter(LaneProgress::done).count(),
                  lanes.size(),
                  lanes.stream().mapToLong(LaneProgress::left).sum());
      if (output.isForPeople() && !now.equals(said.getAndSet(now))) {
        err.println(now);
        err.flush();
      }
    };
  }
}
