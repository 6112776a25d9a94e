package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.PageOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What an operator asks about workers, wherever they run. */
final class WorkersCommand {
  private WorkersCommand() {}

  /** Lists workers. */
  @Command(
      name = "list",
      description = "Lists the workers seen within a day.",
      mixinStandardHelpOptions = true)
  static final class ListWorkers implements Callable<ExitCode> {
    private static final List<String> LISTED =
        List.of(
            "worker_id",
            "queue",
            "deployment_version",
            "labels",
            "last_seen_at",
            "draining",
            "leases");

    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;
    @Mixin private PageOption paging;

    @Option(
        names = {"-q", "--queue"},
        description = "Only those of a queue.")
    private Optional<String> queue = Optional.empty();

    @Override
    public ExitCode call() {
      Map<String, String> parameters = new LinkedHashMap<>();
      queue.ifPresent(name -> parameters.put("queue", name));
      paging.addTo(parameters);
      try (DomeClient client = server.client("operator")) {
        JsonNode page = client.read("workers", parameters);
        ArrayNode rows = Json.mapper().createArrayNode();
        page.path("items").forEach(item -> rows.add(row(item)));
        output.print(spec.commandLine().getOut(), rows);
        paging.showNext(spec, output, page);
        return ExitCode.OK;
      }
    }

    private static ObjectNode row(JsonNode item) {
      ObjectNode row = Json.mapper().createObjectNode();
      LISTED.forEach(name -> row.set(name, item.path(name)));
      return row;
    }
  }

  /** One worker, or those of a version. */
  static final class Whom {
    @Parameters(arity = "1", paramLabel = "WORKER", description = "The worker's id.")
    private String workerId;

    @ArgGroup(exclusive = false)
    private Deployment deployment;

    JsonNode drain(DomeClient client, boolean drain) {
      return deployment == null
          ? client.drainWorker(workerId, drain)
          : client.drainDeployment(deployment.queue, deployment.version, drain);
    }
  }

  /** A build on a queue. */
  static final class Deployment {
    @Option(
        names = {"-q", "--queue"},
        required = true,
        description = "The queue that the version works.")
    private String queue;

    @Option(
        names = "--deployment-version",
        required = true,
        description = "Every worker of this version, also one that comes later.")
    private String version;
  }

  /** Gives workers nothing more. */
  @Command(
      name = "drain",
      description = {
        "Gives a worker, or every worker of a deployment version, nothing more.",
        "What it works on it finishes; then it ends, if it follows the directive DRAIN."
      },
      mixinStandardHelpOptions = true)
  static final class Drain implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @ArgGroup(multiplicity = "1")
    private Whom whom;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        output.print(spec.commandLine().getOut(), whom.drain(client, true));
        return ExitCode.OK;
      }
    }
  }

  /** Gives workers tasks again. */
  @Command(
      name = "undrain",
      description = "Gives a worker, or the workers of a deployment version, tasks again.",
      mixinStandardHelpOptions = true)
  static final class Undrain implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @ArgGroup(multiplicity = "1")
    private Whom whom;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        output.print(spec.commandLine().getOut(), whom.drain(client, false));
        return ExitCode.OK;
      }
    }
  }
}
