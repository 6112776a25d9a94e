package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.PageOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Webhooks. */
@Command(
    name = "webhook",
    description = "Has others told of a namespace's events, and shows what they were told.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      WebhookCommand.Add.class,
      WebhookCommand.ListWebhooks.class,
      WebhookCommand.Delete.class,
      WebhookCommand.Deliveries.class,
      WebhookCommand.Redeliver.class,
    })
public final class WebhookCommand {

  /** Makes one. */
  @Command(
      name = "add",
      description = {
        "Has a URL told of events. Shows the secret that its messages are signed with, once.",
      },
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "URL", description = "Where events are posted to; https.")
    private String url;

    @Option(
        names = "--topic",
        description = "Only events of this topic; may be given several times.")
    private List<String> topics = List.of();

    @Option(
        names = "--secret-file",
        description = "A file with the secret to sign with (whsec_…); one is made without it.")
    private Optional<Path> secretFile = Optional.empty();

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        output.print(
            spec.commandLine().getOut(),
            client.webhooks().add(url, topics, secretFile.map(Add::read).orElse(null)));
        return ExitCode.OK;
      }
    }

    private static String read(Path file) {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new CliException(
            ExitCode.USAGE, "the secret's file cannot be read: " + file, "check its path");
      }
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "Lists webhooks, the oldest first.",
      mixinStandardHelpOptions = true)
  static final class ListWebhooks implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        output.print(
            spec.commandLine().getOut(),
            rows(
                client.webhooks().list(),
                List.of("webhook_id", "status", "url", "topics", "created_by", "created_at")));
        return ExitCode.OK;
      }
    }
  }

  /** Removes one. */
  @Command(
      name = "delete",
      description = "Removes a webhook with all its deliveries.",
      mixinStandardHelpOptions = true)
  static final class Delete implements Callable<ExitCode> {
    @Mixin private ServerOption server;

    @Parameters(paramLabel = "WEBHOOK", description = "The webhook's id.")
    private String webhookId;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        client.webhooks().delete(webhookId);
        return ExitCode.OK;
      }
    }
  }

  /** Shows what it was told. */
  @Command(
      name = "deliveries",
      description = "Lists what a webhook was told, the latest first.",
      mixinStandardHelpOptions = true)
  static final class Deliveries implements Callable<ExitCode> {
    private static final List<String> LISTED =
        List.of(
            "delivery_id",
            "status",
            "topic",
            "run_id",
            "sequence",
            "attempts",
            "due_at",
            "last_fault",
            "last_http_status",
            "last_attempt_at");

    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;
    @Mixin private PageOption paging;

    @Parameters(paramLabel = "WEBHOOK", description = "The webhook's id.")
    private String webhookId;

    @Option(names = "--status", description = "Only PENDING, DELIVERED or DEAD ones.")
    private Optional<String> status = Optional.empty();

    @Override
    public ExitCode call() {
      Map<String, String> parameters = new LinkedHashMap<>();
      status.ifPresent(value -> parameters.put("status", value));
      paging.addTo(parameters);
      try (DomeClient client = server.client("operator")) {
        JsonNode page = client.webhooks().deliveries(webhookId, parameters);
        output.print(spec.commandLine().getOut(), rows(page, LISTED));
        paging.showNext(spec, output, page);
        return ExitCode.OK;
      }
    }
  }

  /** Tries one anew. */
  @Command(
      name = "redeliver",
      description = "Makes a delivery anew that has ended, and its webhook active.",
      mixinStandardHelpOptions = true)
  static final class Redeliver implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(index = "0", paramLabel = "WEBHOOK", description = "The webhook's id.")
    private String webhookId;

    @Parameters(index = "1", paramLabel = "DELIVERY", description = "The delivery's id.")
    private String deliveryId;

    @Override
    public ExitCode call() {
      try (DomeClient client = server.client("operator")) {
        output.print(
            spec.commandLine().getOut(), client.webhooks().redeliver(webhookId, deliveryId));
        return ExitCode.OK;
      }
    }
  }

  private static ArrayNode rows(JsonNode page, List<String> names) {
    ArrayNode rows = Json.mapper().createArrayNode();
    for (JsonNode item : page.path("items")) {
      ObjectNode row = rows.addObject();
      names.forEach(name -> row.set(name, item.path(name)));
    }
    return rows;
  }
}
