package dev.dome.cli.demo;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.StackDirectory;
import dev.dome.cli.run.LocalTokens;
import dev.dome.client.DomeClient;
import dev.dome.client.Worker;
import dev.dome.client.command.CommandWorker;
import dev.dome.client.model.Run;
import dev.dome.devstack.DevKeys;
import dev.dome.devstack.RepoRoot;
import dev.dome.devstack.TokenIssuer;
import dev.dome.security.PatternRedactor;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** From nothing to decided runs. */
@Command(
    name = "demo",
    description = {
      "Starts the local stack and shows runs from request to decision.",
      "One is promoted, one is retried, one is rejected, one needs a human, one is redriven from a"
          + " dead letter, one outlives its worker. What they left is then verified. The stack"
          + " stays up."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<ExitCode> {
  private static final String NAMESPACE = "default";

  @Spec private CommandSpec spec;
  @Mixin private StackDirectory directory;

  @Option(
      names = "--port",
      defaultValue = "${env:DOME_HTTP_PORT:-8080}",
      description = "Port of the one origin (default: 8080, or DOME_HTTP_PORT).")
  private int port;

  @Override
  public ExitCode call() {
    long began = System.nanoTime();
    up();
    URI api = URI.create(directory.running().apiUrl());
    PrintWriter out = spec.commandLine().getOut();
    Narrator narrator = new Narrator(out, api.toString());
    try (DomeClient alice = client(api, "alice", "submitter", "approver");
        DomeClient bob = client(api, "bob", "approver");
        DomeClient carol = client(api, "carol", "worker");
        DomeClient dave = client(api, "dave", "operator");
        DomeClient eve = client(api, "eve", "worker")) {
      Stage stage = new Stage(RepoRoot.find(), out, narrator, alice);
      DemoFailures failures = new DemoFailures(stage, dave);
      DemoFailures.Handover handover = failures.begun(eve);
      List<Run> done = play(new DemoRuns(stage, bob), failures, handover, carol);
      new DemoProof(stage, spec.root().commandLine(), directory.path()).of(done.getFirst().runId());
      close(out, api, done, Duration.ofNanos(System.nanoTime() - began));
      return ExitCode.OK;
    }
  }

  private List<Run> play(
      DemoRuns runs, DemoFailures failures, DemoFailures.Handover handover, DomeClient carol) {
    try (Worker worker = worker(carol, "default", "demo-worker");
        Worker relief = worker(carol, "handover", "demo-relief")) {
      List<Run> done =
          List.of(
              runs.promoted(),
              runs.retried(),
              runs.rejected(),
              runs.approved(),
              failures.redriven(),
              failures.takenOver(handover));
      worker.drain();
      relief.drain();
      return done;
    }
  }

  private void up() {
    int code =
        spec.root()
            .commandLine()
            .execute("up", "--dir", directory.path().toString(), "--port", Integer.toString(port));
    if (code != ExitCode.OK.number()) {
      throw new CliException(ExitCode.FAILED, "the local stack did not start", "./dome logs");
    }
  }

  private DomeClient client(URI api, String subject, String... roles) {
    TokenIssuer issuer = new TokenIssuer(DevKeys.in(directory.path().resolve("keys")));
    LocalTokens tokens =
        new LocalTokens(issuer, subject, Map.of(NAMESPACE, List.of(roles)), Duration.ofMinutes(30));
    return DomeClient.of(api, NAMESPACE, tokens);
  }

  private Worker worker(DomeClient client, String queue, String workerId) {
    CommandWorker handler =
        new CommandWorker(
            directory.path().resolve("runtime"),
            PatternRedactor.standard(),
            client.evidence(),
            CommandWorker.Limits.DEFAULT);
    return Worker.on(queue, handler).concurrency(2).workerId(workerId).start(client);
  }

  private static void close(PrintWriter out, URI api, List<Run> runs, Duration took) {
    out.println();
    runs.forEach(run ->
        out.printf(
            Locale.ROOT,
            "   %-12s %s%s%n",
            run.status(),
            run.runId(),
            run.reasonCode() == null ? "" : "  " + run.reasonCode()));
    out.printf(Locale.ROOT, "%ndone in %.1f s; dome stays up at %s%n", took.toMillis() / 1e3, api);
    String last = runs.getLast().runId();
    out.println("try next:");
    next(out, "run get " + last, "the run and its decisions");
    next(out, "run list", "every run");
    next(out, "worker", "work the queue in another terminal, then");
    next(out, "run submit FILE --wait", "watch a contract of your own");
    next(out, "explain POLICY.SELF_APPROVAL", "what a reason code means");
    next(out, "down", "stop everything");
    out.flush();
  }

  private static void next(PrintWriter out, String command, String what) {
    out.printf("  ./dome %-30s %s%n", command, what);
  }
}
