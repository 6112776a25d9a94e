package dev.dome.cli.interop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.provenance.TrustFiles;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has verifiers of others judge signed statements and the log. */
@Command(
    name = "interop-proofs",
    description = {
      "Has @sigstore/verify (npm) and x/mod/sumdb (Go) judge a log that is made for it, and bundles",
      "of it as they are and with one byte changed. With --run, @sigstore/verify judges the",
      "statements of that run. What the verifiers need is fetched once into the cache."
    },
    mixinStandardHelpOptions = true)
public final class ProofsCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;
  @Mixin private ServerOption server;

  @Option(
      names = "--leaves",
      defaultValue = "1000",
      description = "Entries of the log that is made (default: ${DEFAULT-VALUE}).")
  private int leaves;

  @Option(names = "--run", paramLabel = "RUN", description = "Judge this run's statements.")
  private Optional<String> runId = Optional.empty();

  @Override
  public ExitCode call() {
    ProofInterop interop = new ProofInterop(server.stackDirectory().resolve("cache/interop"));
    List<ProofInterop.Judged> judged =
        runId.map(run -> ofRun(interop, run)).orElseGet(() -> made(interop));
    output.print(spec.commandLine().getOut(), judged);
    return judged.stream().allMatch(ProofInterop.Judged::right) ? ExitCode.OK : ExitCode.FAILED;
  }

  private List<ProofInterop.Judged> ofRun(ProofInterop interop, String run) {
    try (DomeClient client = server.client("auditor")) {
      List<JsonNode> bundles = new ArrayList<>();
      String statements = "runs/" + run + "/statements";
      for (JsonNode item : client.read(statements, Map.of()).path("items")) {
        String kind = item.path("statement").asText();
        String name = kind.equals("replay") ? item.path("subject").asText() : kind;
        bundles.add(client.read(statements + "/" + name, Map.of()));
      }
      return interop.sigstore(TrustFiles.ofServer(client), bundles);
    }
  }

  private List<ProofInterop.Judged> made(ProofInterop interop) {
    if (leaves < 3) {
      throw new CliException(
          ExitCode.USAGE, "--leaves expected 3 or more but was " + leaves, "leave it out");
    }
    try {
      Path work = Files.createTempDirectory("dome-proofs");
      try {
        return interop.all(work, leaves);
      } finally {
        forget(work);
      }
    } catch (IOException e) {
      throw new CliException(
          ExitCode.FAILED,
          "the log could not be made: " + e.getClass().getSimpleName(),
          "look at the room for temporary files");
    }
  }

  private static void forget(Path work) throws IOException {
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
