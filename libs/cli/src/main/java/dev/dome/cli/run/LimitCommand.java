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
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Limits of queues, concurrency keys and rates. */
@Command(
    name = "limit",
    description = "Sets how many tasks may run at once and how often one may start.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LimitCommand.ListLimits.class,
      LimitCommand.SetLimit.class,
      LimitCommand.DeleteLimit.class,
    })
public final class LimitCommand {
  private static final String NAME = "queue:<name>, key:<concurrency key> or rate:<name>.";

  /** Lists limits. */
  @Command(
      name = "list",
      description = "Lists the limits that were set, and what is taken of them.",
      mixinStandardHelpOptions = true)
  static final class ListLimits implements Callable<ExitCode> {
    private static final List<String> LISTED =
        List.of("name", "max_concurrent", "in_use", "rate", "next_at", "changed_at", "changed_by");

    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;
    @Mixin private PageOption paging;

    @Override
    public ExitCode call() {
      Map<String, String> parameters = new LinkedHashMap<>();
      paging.addTo(parameters);
      try (DomeClient client = server.client("auditor")) {
        JsonNode page = client.read("limits", parameters);
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
      JsonNode rate = item.path("rate");
      if (rate.isObject()) {
        String pace = rate.path("permits").asText() + "/" + rate.path("per_seconds").asText() + "s";
        String burst = rate.path("burst").asText();
        row.put("rate", burst.equals("1") ? pace : pace + " burst " + burst);
      }
      return row;
    }
  }

  /** Sets one. */
  @Command(
      name = "set",
      description = "Sets a limit; workers are held to it within a second.",
      mixinStandardHelpOptions = true)
  static final class SetLimit implements Callable<ExitCode> {
    private static final Pattern PACE = Pattern.compile("([0-9]{1,7})/([0-9]{1,7})s?");

    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "NAME", description = NAME)
    private String name;

    @Option(names = "--max-concurrent", description = "Tasks that may run at once.")
    private Integer maxConcurrent;

    @Option(
        names = "--rate",
        paramLabel = "PERMITS/SECONDS",
        description = "How many tasks may start in so many seconds, such as 100/60.")
    private String rate;

    @Option(
        names = "--burst",
        description = "How many of the rate may start at once after a pause (default: 1).")
    private Integer burst;

    @Override
    public ExitCode call() {
      ObjectNode limit = limit();
      try (DomeClient client = server.client("operator")) {
        output.print(spec.commandLine().getOut(), client.setLimit(name, limit));
        return ExitCode.OK;
      }
    }

    private ObjectNode limit() {
      ObjectNode limit = Json.mapper().createObjectNode();
      if (maxConcurrent != null) {
        limit.put("max_concurrent", maxConcurrent);
      }
      if (rate != null) {
        Matcher pace = PACE.matcher(rate);
        if (!pace.matches()) {
          throw usage("--rate expected PERMITS/SECONDS, such as 100/60");
        }
        ObjectNode wanted = limit.putObject("rate");
        wanted.put("permits", Integer.parseInt(pace.group(1)));
        wanted.put("per_seconds", Integer.parseInt(pace.group(2)));
        if (burst != null) {
          wanted.put("burst", burst);
        }
      } else if (burst != null) {
        throw usage("--burst is of a --rate");
      }
      if (limit.isEmpty()) {
        throw usage("expected --max-concurrent or --rate");
      }
      return limit;
    }

    private ParameterException usage(String message) {
      return new ParameterException(spec.commandLine(), message);
    }
  }

  /** Removes one. */
  @Command(
      name = "delete",
      description = "Removes a limit: a concurrency key has one slot then, all else no limit.",
      mixinStandardHelpOptions = true)
  static final class DeleteLimit implements Callable<ExitCode> {
    @Mixin private ServerOption server;

    @Parameters(paramLabel = "NAME", description = NAME)
    private String name;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        client.deleteLimit(name);
        return ExitCode.OK;
      }
    }
  }
}
