package dev.dome.cli.provenance;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the files that statements are checked against. */
@Command(
    name = "trust",
    description = {
      "Writes trusted_root.json and keys.json of the server, to be kept where the server's operator",
      "cannot change them: a check is worth what the way of these files was."
    },
    mixinStandardHelpOptions = true)
final class TrustCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;

  @Parameters(paramLabel = "DIR", description = "Where to; it is made when it is missing.")
  private Path directory;

  @Override
  public ExitCode call() {
    try (DomeClient client = server.client("auditor")) {
      Files.createDirectories(directory);
      for (String name : List.of(TrustFiles.ROOT, TrustFiles.KEYS)) {
        Files.write(directory.resolve(name), client.log(name));
        spec.commandLine().getOut().println(directory.resolve(name));
      }
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    } catch (IOException e) {
      throw new CliException(
          ExitCode.FAILED,
          directory + " cannot be written: " + e.getClass().getSimpleName(),
          "name another directory");
    }
  }
}
