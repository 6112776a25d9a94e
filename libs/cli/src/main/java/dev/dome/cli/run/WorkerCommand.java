package dev.dome.cli.run;

import dev.dome.cli.ExitCode;
import dev.dome.client.CancelReason;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.client.WorkerListener;
import dev.dome.client.command.CommandWorker;
import dev.dome.client.model.Reported;
import dev.dome.security.PatternRedactor;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Works a queue with the reference worker. */
@Command(
    name = "worker",
    description = {
      "Works a queue by running each task's command, until interrupted.",
      "A command runs without a shell, in a directory of its own, with a scrubbed environment. What",
      "runs when the worker is interrupted is finished first."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      WorkersCommand.ListWorkers.class,
      WorkersCommand.Drain.class,
      WorkersCommand.Undrain.class
    })
public final class WorkerCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;

  @Option(
      names = {"-q", "--queue"},
      defaultValue = "default",
      description = "The queue (default: ${DEFAULT-VALUE}).")
  private String queue;

  @Option(
      names = {"-c", "--concurrency"},
      defaultValue = "2",
      description = "How many tasks at once (default: ${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(names = "--worker-id", description = "Shown in the journal (default: a random one).")
  private String workerId;

  @Option(names = "--deployment-version", description = "Which build works here.")
  private String deploymentVersion;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "What this worker offers to tasks that require it; may be repeated.")
  private Map<String, String> labels = new TreeMap<>();

  @Option(
      names = "--cpu-seconds",
      defaultValue = "600",
      description = "CPU time of one command with all it starts (default: ${DEFAULT-VALUE}).")
  private long cpuSeconds;

  @Override
  public ExitCode call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (DomeClient client = server.client("worker");
        Worker worker = builder(client, out).start(client)) {
      Thread drain = new Thread(worker::close, "dome-worker-drain");
      Runtime.getRuntime().addShutdownHook(drain);
      out.printf(
          "working queue %s of %s; Ctrl-C finishes what runs and ends%n", queue, server.address());
      out.flush();
      worker.awaitStop();
      return ExitCode.OK;
    }
  }

  private Worker.Builder builder(DomeClient client, PrintWriter out) {
    CommandWorker handler =
        new CommandWorker(
            server.runtimeRoot(), PatternRedactor.standard(), client.evidence(), limits());
    Worker.Builder builder =
        Worker.on(queue, handler)
            .concurrency(concurrency)
            .deploymentVersion(deploymentVersion)
            .listener(new Lines(out));
    labels.forEach(builder::label);
    return workerId == null ? builder : builder.workerId(workerId);
  }

  private CommandWorker.Limits limits() {
    CommandWorker.Limits usual = CommandWorker.Limits.DEFAULT;
    return new CommandWorker.Limits(
        usual.time(), Duration.ofSeconds(cpuSeconds), usual.outputBytes());
  }

  /** One line per thing that happened. */
  private static final class Lines implements WorkerListener {
    private final PrintWriter out;

    Lines(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void started(TaskContext task) {
      say("start", task, "attempt " + task.attempt());
    }

    @Override
    public void reported(TaskContext task, Result result, Reported answer) {
      String reason = result.reasonCode() == null ? "" : " " + result.reasonCode();
      say("done", task, result.status() + reason);
    }

    @Override
    public void cancelled(TaskContext task, CancelReason reason) {
      say("stop", task, reason.name());
    }

    @Override
    public void refused(String what, DomeException refusal) {
      out.printf("%-6s %s %s%n", "refuse", what, refusal.getMessage());
      out.flush();
    }

    private void say(String what, TaskContext task, String how) {
      out.printf("%-6s %s %s %s%n", what, task.runId(), task.taskId(), how);
      out.flush();
    }
  }
}
