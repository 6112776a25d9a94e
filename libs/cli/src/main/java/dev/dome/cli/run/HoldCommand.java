package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What an operator does to a breaker or a queue. */
abstract class HoldCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(
      names = "--reason",
      description = "A reason code of the catalog (default: OPERATOR.PAUSED or .RESUMED).")
  private String reasonCode;

  @Option(names = "--comment", description = "Why, in words; it goes into the record.")
  private String comment;

  abstract JsonNode send(DomeClient client, String reason, String words);

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("operator")) {
      output.print(spec.commandLine().getOut(), send(client, reasonCode, comment));
      return ExitCode.OK;
    }
  }

  /** Opens a breaker without end. */
  @Command(
      name = "pause",
      description = "Hands out no task that the breaker guards until it is resumed.",
      mixinStandardHelpOptions = true)
  static final class PauseBreaker extends HoldCommand {
    @Parameters(paramLabel = "KEY", description = "queue:<name>, or key:<text>.")
    private String key;

    @Override
    JsonNode send(DomeClient client, String reason, String words) {
      return client.pauseBreaker(key, reason, words);
    }
  }

  /** Closes a breaker. */
  @Command(
      name = "resume",
      description = "Closes a breaker, whatever opened it.",
      mixinStandardHelpOptions = true)
  static final class ResumeBreaker extends HoldCommand {
    @Parameters(paramLabel = "KEY", description = "queue:<name>, or key:<text>.")
    private String key;

    @Override
    JsonNode send(DomeClient client, String reason, String words) {
      return client.resumeBreaker(key, reason, words);
    }
  }

  /** Holds a queue back. */
  @Command(
      name = "pause",
      description = "Hands out none of the queue's tasks until it is resumed; what runs goes on.",
      mixinStandardHelpOptions = true)
  static final class PauseQueue extends HoldCommand {
    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue;

    @Override
    JsonNode send(DomeClient client, String reason, String words) {
      return client.pauseQueue(queue, reason, words);
    }
  }

  /** Lets a queue go on. */
  @Command(
      name = "resume",
      description = "Hands out the queue's tasks again, whatever held them back.",
      mixinStandardHelpOptions = true)
  static final class ResumeQueue extends HoldCommand {
    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue;

    @Override
    JsonNode send(DomeClient client, String reason, String words) {
      return client.resumeQueue(queue, reason, words);
    }
  }
}
