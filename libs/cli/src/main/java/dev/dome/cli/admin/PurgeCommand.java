package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.Patience;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes what the audit need not keep any longer. */
@Command(
    name = "purge",
    description = {
      "Removes audit records whose retention class has an end that is over, in every namespace, and"
          + " leaves tombstones. What is held, open or too young is kept.",
      "audit-export does it by itself once an hour, unless it is told not to."
    },
    mixinStandardHelpOptions = true)
final class PurgeCommand implements Callable<ExitCode> {
  private static final String PURGED = "PURGED";

  /** Where it was estimated what there is, it may turn out that all of it must be kept. */
  private static final Set<String> DONE = Set.of(PURGED, "NOTHING");

  private static final String UNDER_WAY = "UNDER_WAY";
  private static final String ESTIMATED = "estimated_records";

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @ArgGroup(multiplicity = "1")
  private Sure sure;

  /** What is gone does not come back, so neither is the default. */
  private static final class Sure {
    @Option(
        names = "--dry-run",
        description =
            "Only show what would be removed, and what is not due. Half a million records are"
                + " counted; of a month beyond that, estimated_records is about how many it has,"
                + " and runs are all that have records there, be they removed or kept.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Remove it.")
    private boolean yes;
  }

  @Option(names = "--class", paramLabel = "CLASS", description = "Only this retention class.")
  private Optional<String> retentionClass = Optional.empty();

  @Option(
      names = "--month",
      paramLabel = "MONTH",
      description = "Only this month, such as 2026-11.")
  private Optional<String> month = Optional.empty();

  @Option(
      names = "--reason",
      defaultValue = "expired",
      description = "Why; goes on every tombstone (default: ${DEFAULT-VALUE}).")
  private String reason;

  @Option(
      names = "--authority",
      defaultValue = "retention schedule",
      description = "By whose order; goes on every tombstone (default: ${DEFAULT-VALUE}).")
  private String authority;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long to wait for purges that take long (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  @Override
  public ExitCode call() {
    try (DomeClient dome = server.systemClient("operator")) {
      List<JsonNode> parts = parts(dome);
      if (sure.dryRun || !sure.yes) {
        output.print(spec.commandLine().getOut(), parts);
        return ExitCode.OK;
      }
      Patience patience = patience();
      List<ObjectNode> done =
          parts.stream()
              .filter(PurgeCommand::hasWork)
              .map(part -> purge(dome, part, patience))
              .toList();
      output.print(spec.commandLine().getOut(), done);
      return done.stream().allMatch(each -> DONE.contains(each.path("outcome").asText()))
          ? ExitCode.OK
          : ExitCode.FAILED;
    }
  }

  private Patience patience() {
    PrintWriter err = spec.commandLine().getErr();
    return Patience.upTo(
        Duration.ofSeconds(timeoutSeconds), output.isForPeople() ? err::println : line -> {});
  }

  private List<JsonNode> parts(DomeClient dome) {
    List<JsonNode> parts = new ArrayList<>();
    for (JsonNode part : dome.audit().expiring().path("items")) {
      if (retentionClass
              .filter(name -> !name.equals(part.path("retention_class").asText()))
              .isEmpty()
          && month.filter(name -> !name.equals(part.path("month").asText())).isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static boolean hasWork(JsonNode part) {
    return part.path("due").asBoolean()
        && part.path("runs").asLong()
                + part.path("access_records").asLong()
                + part.path(ESTIMATED).asLong()
            > 0;
  }

  /** One that takes long goes on at the server; the list shows when nothing is left to purge. */
  private ObjectNode purge(DomeClient dome, JsonNode part, Patience patience) {
    String name = part.path("retention_class").asText();
    String of = part.path("month").asText();
    ObjectNode row = Json.mapper().createObjectNode();
    row.put("retention_class", name).put("month", of);
    JsonNode result = dome.audit().purge(name, of, reason, authority);
    result.properties().forEach(field -> row.set(field.getKey(), field.getValue()));
    if (row.path("outcome").asText().equals(UNDER_WAY)) {
      while (isLeft(dome, part) && patience.await("the purge of " + name + " " + of)) {
        row.put("outcome", UNDER_WAY);
      }
      row.put("outcome", isLeft(dome, part) ? UNDER_WAY : PURGED);
      row.set("runs", part.path("runs"));
      row.remove(List.of("records", "kept_records"));
    }
    return row;
  }

  /**
   * What was estimated may be kept as well as removed. A purge is done whole or not at all, so it
   * is left as long as the estimate is the one of before.
   */
  private static boolean isLeft(DomeClient dome, JsonNode before) {
    for (JsonNode part : dome.audit().expiring().path("items")) {
      if (part.path("retention_class").equals(before.path("retention_class"))
          && part.path("month").equals(before.path("month"))) {
        return part.has(ESTIMATED) ? part.equals(before) : hasWork(part);
      }
    }
    return false;
  }
}
