package dev.dome.cli;

import dev.dome.devstack.DomeService;
import dev.dome.devstack.Infrastructure;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.StackState;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the local stack in the background; does nothing when it runs. */
@Command(
    name = "up",
    description = "Starts nats-server, PostgreSQL and every service, in the background.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "DOME_NATS_URL (with DOME_NATS_MONITOR_URL) and DOME_PG_URL (with DOME_PG_ADMIN_USER and",
      "DOME_PG_ADMIN_PASSWORD) use servers that already run."
    })
final class UpCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private StackDirectory directory;
  @Mixin private OutputOption output;

  @Option(
      names = "--port",
      defaultValue = "${env:DOME_HTTP_PORT:-8080}",
      description = "Port of the one origin (default: 8080, or DOME_HTTP_PORT).")
  private int port;

  @Option(
      names = "--controllers",
      defaultValue = "1",
      description = "Replicas of the state-controller (default: 1).")
  private int controllers;

  @Option(
      names = "--ingests",
      defaultValue = "1",
      description = "Replicas of ingest; the first is the one origin (default: 1).")
  private int ingests;

  @Option(names = "--service", hidden = true, description = "Start only these services.")
  private List<String> services = List.of();

  @Override
  public ExitCode call() {
    var found = StackState.read(directory.path());
    var progress = new ProgressLines(spec.commandLine().getErr());
    if (found.isPresent() && found.get().runs()) {
      LocalStack.awaitReady(found.get(), progress);
      report(found.get(), "dome is already running");
      return ExitCode.OK;
    }
    // Some of it died: the rest is stopped so that everything starts from what is stored.
    found.ifPresent(rest -> LocalStack.stop(directory.path(), rest, progress));
    var began = System.nanoTime();
    var stack = LocalStack.start(options(), progress);
    report(
        stack.state(),
        String.format(Locale.ROOT, "dome is up after %.1f s", (System.nanoTime() - began) / 1e9));
    return ExitCode.OK;
  }

  private LocalStack.Options options() {
    var options =
        LocalStack.Options.forPeople(directory.path(), port)
            .withControllers(controllers)
            .withIngests(ingests)
            .using(Infrastructure.External.of(System.getenv()));
    return services.isEmpty()
        ? options
        : options.withServices(services.stream().map(UpCommand::service).toList());
  }

  private static DomeService service(String name) {
    return DomeService.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private void report(StackState state, String sentence) {
    var out = spec.commandLine().getOut();
    if (!output.isForPeople()) {
      output.print(out, state);
      return;
    }
    out.printf("%s%n  API     %s%n", sentence, state.apiUrl());
    out.printf("  status  ./dome status    logs  ./dome logs    stop  ./dome down%n");
    out.printf("  token   ./dome token --sub alice --role submitter%n");
    out.flush();
  }
}
