package dev.dome.cli.run;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.StackDirectory;
import dev.dome.client.DomeClient;
import dev.dome.devstack.DevKeys;
import dev.dome.devstack.StackState;
import dev.dome.devstack.TokenIssuer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin of commands that call a server: which one, in which namespace, as whom. */
public final class ServerOption {
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(30);

  /** Where roles that reach across namespaces are held. */
  public static final String SYSTEM_NAMESPACE = "dome-system";

  @Mixin private StackDirectory directory = new StackDirectory();

  @Option(
      names = "--server",
      description = "Address of the server (default: DOME_URL, else the local stack).")
  private Optional<URI> server = Optional.empty();

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "${env:DOME_NAMESPACE:-default}",
      description = "The namespace (default: DOME_NAMESPACE, else default).")
  private String namespace = "default";

  @Option(
      names = "--as",
      description =
          "Who asks, for tokens of the local stack (default: local-<role>). DOME_TOKEN, where set,"
              + " is used as it is.")
  private Optional<String> subject = Optional.empty();

  @Option(
      names = "--ca-file",
      description =
          "Certificates (PEM) to verify an https server against (default: DOME_CA_FILE, else the"
              + " JVM's own).")
  private Optional<Path> certificates = Optional.empty();

  /** A client that holds the role, by DOME_TOKEN or by a token of the local stack. */
  public DomeClient client(String role) {
    return trusting(DomeClient.of(address(), namespace, tokens(namespace, role)));
  }

  /** A client that holds the role in the namespace of dome itself. */
  public DomeClient systemClient(String role) {
    return trusting(DomeClient.of(address(), SYSTEM_NAMESPACE, tokens(SYSTEM_NAMESPACE, role)));
  }

  private DomeClient trusting(DomeClient client) {
    Optional<Path> file =
        certificates.or(() -> Optional.ofNullable(System.getenv("DOME_CA_FILE")).map(Path::of));
    try {
      return file.isPresent() ? client.trusting(file.get()) : client;
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE, "no certificates in " + file.get(), "name a PEM file with --ca-file");
    }
  }

  public String namespace() {
    return namespace;
  }

  /** Where commands of this installation keep their working files. */
  public Path runtimeRoot() {
    return directory.path().resolve("runtime");
  }

  /** Where the local stack lives. */
  public Path stackDirectory() {
    return directory.path();
  }

  /** The local stack when it is the one that is asked. */
  public Optional<StackState> localStack() {
    return given().isPresent() ? Optional.empty() : Optional.of(running());
  }

  /** The server's base address. */
  public URI address() {
    return given().orElseGet(() -> URI.create(running().apiUrl()));
  }

  /** The server that was named, by option or environment, and not the local stack. */
  public Optional<URI> given() {
    return server.or(() -> Optional.ofNullable(System.getenv("DOME_URL")).map(URI::create));
  }

  private StackState running() {
    return directory.running();
  }

  private Supplier<String> tokens(String of, String role) {
    String given = System.getenv("DOME_TOKEN");
    if (given != null && !given.isBlank()) {
      return () -> given;
    }
    Path keys = directory.path().resolve("keys");
    if (!Files.isDirectory(keys)) {
      throw new CliException(
          ExitCode.USAGE,
          "there is no token and no local issuer in " + keys,
          "set DOME_TOKEN, or start the local stack with ./dome up");
    }
    return new LocalTokens(
        new TokenIssuer(DevKeys.in(keys)),
        subject.orElse("local-" + role),
        Map.of(of, List.of(role)),
        TOKEN_LIFETIME);
  }
}
