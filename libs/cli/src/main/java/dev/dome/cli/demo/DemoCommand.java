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
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
      "Starts the local stack and shows four runs from request to decision.",
      "One is promoted, one is retried, one is rejected, one needs a human; the last one is taken",
      "away as an audit export and checked offline. The stack stays up."
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
        Worker worker = worker(carol)) {
      DemoRuns runs = new DemoRuns(RepoRoot.find(), out, narrator, alice, bob);
      List<Run> done = List.of(runs.promoted(), runs.retried(), runs.rejected(), runs.approved());
      worker.drain();
      audited(narrator, api, done.getLast().runId());
      close(out, api, done, Duration.ofNanos(System.nanoTime() - began));
      return ExitCode.OK;
    }
  }

  private void up() {
    String dir = directory.path().toString();
    if (!done("up", "--dir", dir, "--port", Integer.toString(port))) {
      throw new CliException(ExitCode.FAILED, "the local stack did not start", "./dome logs");
    }
  }

  /** What an auditor takes away, checked without asking the server again. */
  private void audited(Narrator narrator, URI api, String runId) {
    String dir = directory.path().toString();
    String bag = fresh("audit-").resolve(runId).toString();
    narrator.say("An auditor takes the last run away and checks it offline:");
    if (!done("audit", "export", runId, "--to", bag, "--dir", dir, "--server", api.toString())
        || !done("audit", "verify", bag)) {
      throw new CliException(
          ExitCode.FAILED, "the audit of " + runId + " does not hold", "./dome logs");
    }
  }

  private Path fresh(String prefix) {
    try {
      Path root = Files.createDirectories(directory.path().resolve("runtime"));
      return Files.createTempDirectory(root, prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean done(String... command) {
    return spec.root().commandLine().execute(command) == ExitCode.OK.number();
  }

  private DomeClient client(URI api, String subject, String... roles) {
    TokenIssuer issuer = new TokenIssuer(DevKeys.in(directory.path().resolve("keys")));
    LocalTokens tokens =
        new LocalTokens(issuer, subject, Map.of(NAMESPACE, List.of(roles)), Duration.ofMinutes(30));
    return DomeClient.of(api, NAMESPACE, tokens);
  }

  private Worker worker(DomeClient client) {
    CommandWorker handler =
        new CommandWorker(
            directory.path().resolve("runtime"),
            PatternRedactor.standard(),
            client.evidence(),
            CommandWorker.Limits.DEFAULT);
    return Worker.on("default", handler).concurrency(2).workerId("demo-worker").start(client);
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
    out.printf("  ./dome run get %s          the run and its decisions%n", last);
    out.printf("  ./dome run list                 every run%n");
    out.printf("  ./dome worker                   work the queue in another terminal, then%n");
    out.printf("  ./dome run submit FILE --wait   watch a contract of your own%n");
    out.printf("  ./dome explain POLICY.SELF_APPROVAL%n");
    out.printf("  ./dome down                     stop everything%n");
    out.flush();
  }
}
