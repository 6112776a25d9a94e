package dev.dome.cli.admin;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.provenance.TrustFiles;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.FileLogStore;
import dev.dome.transparency.LogCheck;
import dev.dome.transparency.TileSource;
import dev.dome.transparency.TrustedRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks the transparency log, entry by entry. */
@Command(
    name = "fsck",
    description = {
      "Recomputes the transparency log: every entry, every hash, and that the signed checkpoint is",
      "of it. Reads the server's log, or its copy in a directory, for which no server is needed."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exits with 14 when something does not hold."})
final class FsckCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @Option(names = "--directory", paramLabel = "DIR", description = "The copy of the log.")
  private Optional<Path> directory = Optional.empty();

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE",
      description = "The log's keys; keys.json lies beside it (default: the server's own).")
  private Optional<Path> trustedRoot = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "FILE",
      description = "A checkpoint that was kept elsewhere: the log must go on from it.")
  private Optional<Path> since = Optional.empty();

  @Override
  public ExitCode call() {
    if (directory.isPresent() && trustedRoot.isPresent()) {
      FileLogStore copy = FileLogStore.in(directory.get());
      String note = copy.checkpoint().orElseThrow(() -> noLog(directory.get().toString()));
      return report(copy, note, TrustFiles.read(trustedRoot.get(), Optional.empty()));
    }
    try (DomeClient client = server.client("auditor")) {
      TrustedRoot trusted =
          trustedRoot
              .map(file -> TrustFiles.read(file, Optional.empty()))
              .orElseGet(() -> TrustFiles.ofServer(client));
      if (directory.isPresent()) {
        FileLogStore copy = FileLogStore.in(directory.get());
        String note = copy.checkpoint().orElseThrow(() -> noLog(directory.get().toString()));
        return report(copy, note, trusted);
      }
      String note = new String(client.log("checkpoint"), StandardCharsets.UTF_8);
      return report(part -> client.log(part.path()), note, trusted);
    }
  }

  private ExitCode report(TileSource tiles, String note, TrustedRoot trusted) {
    Checkpoint checkpoint = verified(note, trusted);
    Optional<LogCheck.Fault> fault =
        LogCheck.whole(tiles, checkpoint.head())
            .or(() ->
                since
                    .map(file -> verified(read(file), trusted))
                    .flatMap(kept -> LogCheck.goesOnFrom(tiles, checkpoint.head(), kept.head())));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("origin", checkpoint.origin());
    row.put("size", checkpoint.head().size());
    row.put("result", fault.isEmpty() ? "SOUND" : fault.get().kind().code());
    fault.ifPresent(found -> row.put("message", found.message()));
    output.print(spec.commandLine().getOut(), row);
    return fault.isEmpty() ? ExitCode.OK : ExitCode.DIFFERENCE;
  }

  private static Checkpoint verified(String note, TrustedRoot trusted) {
    return Checkpoint.verified(note, trusted.logs())
        .orElseThrow(() ->
            new CliException(
                ExitCode.DIFFERENCE,
                "PROVENANCE.CHECKPOINT_INVALID: no trusted key signed the checkpoint",
                "compare trusted_root.json with one that came another way"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE,
          file + " cannot be read: " + e.getClass().getSimpleName(),
          "name another");
    }
  }

  private static CliException noLog(String where) {
    return new CliException(
        ExitCode.USAGE, where + " holds no published log", "name its directory");
  }
}
