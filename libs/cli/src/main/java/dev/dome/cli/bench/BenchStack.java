package dev.dome.cli.bench;

import dev.dome.cli.ProgressLines;
import dev.dome.client.DomeClient;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.ServiceJvm;
import dev.dome.devstack.StackState;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A stack of a measurement's own, with services as they are deployed; it is gone afterwards. */
final class BenchStack implements AutoCloseable {
  static final String NAMESPACE = "default";
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(6);

  private final Path directory;
  private final LocalStack stack;

  private BenchStack(Path directory, LocalStack stack) {
    this.directory = directory;
    this.stack = stack;
  }

  /** Starts it; every service is ready on return. */
  static BenchStack start(UnaryOperator<LocalStack.Options> chosen, PrintWriter progress)
      throws IOException {
    // A short path: a server may put a socket there.
    Path directory = Files.createTempDirectory("dome-bench");
    LocalStack.Options options =
        chosen.apply(LocalStack.Options.in(directory).withJvm(ServiceJvm.AS_DEPLOYED));
    return new BenchStack(directory, LocalStack.start(options, new ProgressLines(progress)));
  }

  /** A client that holds the roles in {@link #NAMESPACE}; the caller closes it. */
  DomeClient client(String... roles) {
    String token = stack.issuer().mint("bench", Map.of(NAMESPACE, List.of(roles)), TOKEN_LIFETIME);
    return DomeClient.of(URI.create(stack.apiUrl()), NAMESPACE, () -> token);
  }

  LocalStack stack() {
    return stack;
  }

  StackState state() {
    return stack.state();
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    stack.close();
    LocalStack.forget(directory);
  }
}
