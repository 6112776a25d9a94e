package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Recomputes a run from its recorded inputs, on the server or here. */
@Command(
    name = "replay",
    description = {
      "Recomputes a run from its recorded inputs and compares every row.",
      "With --file the ledger is verified here, without a server."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exits with 14 when something differs."})
public final class ReplayCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @ArgGroup(multiplicity = "1")
  private Subject subject;

  @Option(
      names = "--head",
      paramLabel = "HASH",
      description = "What the last row's hash must be, such as the manifest's journal head_hash.")
  private Optional<String> head = Optional.empty();

  /** One of the two. */
  static final class Subject {
    @Parameters(paramLabel = "RUN", description = "The run's id, to be replayed by the server.")
    private String runId;

    @Option(
        names = "--file",
        paramLabel = "LEDGER",
        description = "One journal row per line, as ./dome run ledger writes it.")
    private Path file;
  }

  @Override
  public ExitCode call() {
    JsonNode found = subject.file == null ? online() : offline();
    output.print(spec.commandLine().getOut(), found);
    boolean match = found.path("result").asText().equals("MATCH");
    if (match && head.isPresent() && !head.get().equals(found.path("head_hash").asText())) {
      throw new CliException(
          ExitCode.DIFFERENCE,
          "the ledger ends with another hash than " + head.get(),
          "it was cut off, or it is the ledger of another history");
    }
    return match ? ExitCode.OK : ExitCode.DIFFERENCE;
  }

  private JsonNode online() {
    try (DomeClient client = server.client("auditor")) {
      return client.replay(subject.runId);
    }
  }

  private JsonNode offline() {
    try (InputStream lines = Files.newInputStream(subject.file)) {
      return shown(LedgerVerifier.verify(lines));
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE,
          subject.file + " cannot be read: " + e.getClass().getSimpleName(),
          "./dome run ledger RUN > " + subject.file);
    }
  }

  private static JsonNode shown(Finding finding) {
    ObjectNode result = Json.mapper().createObjectNode();
    result.put(
        "result",
        switch (finding) {
          case Finding.Match match -> "MATCH";
          case Finding.Difference difference -> "DIFFERENCE";
        });
    return result.setAll((ObjectNode) Json.tree(finding));
  }
}
