package dev.dome.cli.run;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Sha256;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evidence by its digest. */
@Command(
    name = "evidence",
    description = "Stores and fetches evidence by its digest.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {EvidenceCommand.Get.class, EvidenceCommand.Put.class})
public final class EvidenceCommand {

  /** Fetches. */
  @Command(
      name = "get",
      description = "Fetches evidence and checks that it is what its digest names.",
      mixinStandardHelpOptions = true)
  static final class Get implements Callable<ExitCode> {
    @Mixin private ServerOption server;

    @Parameters(paramLabel = "SHA256", description = "The digest, 64 hex digits.")
    private String digest;

    @Option(
        names = "--to",
        paramLabel = "FILE",
        description = "Where to write it (default: standard output).")
    private Optional<Path> file = Optional.empty();

    @Override
    public ExitCode call() {
      if (!Sha256.PATTERN.matcher(digest).matches()) {
        throw new CliException(
            ExitCode.USAGE, "that is no digest", "./dome run evidence RUN lists digests");
      }
      try (DomeClient client = server.client("auditor")) {
        if (file.isPresent()) {
          fetch(client, file.get());
        } else {
          client.evidence().get(digest, unclosed(System.out));
        }
        return ExitCode.OK;
      } catch (IOException e) {
        throw new CliException(
            ExitCode.FAILED, "the evidence did not come whole: " + e.getMessage(), "repeat it");
      }
    }

    /** The file appears whole and checked, or not at all. */
    private void fetch(DomeClient client, Path target) throws IOException {
      Path part = partOf(target);
      try {
        try (OutputStream out = Files.newOutputStream(part)) {
          client.evidence().get(digest, out);
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    }

    private static Path partOf(Path target) {
      if (Files.isDirectory(target)) {
        throw unwritable(target);
      }
      try {
        return Files.createTempFile(
            target.toAbsolutePath().getParent(), target.getFileName().toString(), ".part");
      } catch (IOException e) {
        throw unwritable(target);
      }
    }

    private static CliException unwritable(Path target) {
      return new CliException(
          ExitCode.USAGE, "cannot write " + target, "name a file in a directory that is there");
    }

    private static OutputStream unclosed(OutputStream out) {
      return new FilterOutputStream(out) {
        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
          out.write(bytes, from, count);
        }

        @Override
        public void close() throws IOException {
          flush();
        }
      };
    }
  }

  /** Stores. */
  @Command(
      name = "put",
      description = "Stores a file as evidence; text that holds a secret is refused.",
      mixinStandardHelpOptions = true)
  static final class Put implements Callable<ExitCode> {
    @Spec private CommandSpec spec;
    @Mixin private ServerOption server;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "At most 64 MiB.")
    private Path file;

    @Option(
        names = "--type",
        paramLabel = "TYPE/SUBTYPE",
        defaultValue = "application/octet-stream",
        description = "What it is (default: ${DEFAULT-VALUE}).")
    private String mediaType;

    @Override
    public ExitCode call() {
      byte[] content = content();
      try (DomeClient client = server.client("worker")) {
        output.print(
            spec.commandLine().getOut(), Json.tree(client.evidence().put(content, mediaType)));
        return ExitCode.OK;
      }
    }

    private byte[] content() {
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new CliException(ExitCode.USAGE, "cannot read " + file, "name an existing file");
      }
    }
  }
}
