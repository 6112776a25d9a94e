package dev.dome.cli.bench;

import dev.dome.cli.ProgressLines;
import dev.dome.client.DomeClient;
import dev.dome.client.RetryPolicy;
import dev.dome.devstack.DatabaseUse;
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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A stack of a measurement's own, with services as they are deployed; it is gone afterwards. */
public final class BenchStack implements AutoCloseable {
  /** Of every run of a measurement. */
  public static final String NAMESPACE = "default";

  /** Who asks, in every client's token. */
  public static final String PRINCIPAL = "bench";

  private static final Duration TOKEN_LIFETIME = Duration.ofHours(6);
  private static final Duration READERS_PATIENCE = Duration.ofMinutes(5);

  private final Path directory;
  private final LocalStack stack;

  private BenchStack(Path directory, LocalStack stack) {
    this.directory = directory;
    this.stack = stack;
  }

  /** Starts it; every service is ready on return. */
  public static BenchStack start(UnaryOperator<LocalStack.Options> chosen, PrintWriter progress)
      throws IOException {
    // A short path: a server may put a socket there.
    Path directory = Files.createTempDirectory("dome-bench");
    LocalStack.Options options =
        chosen.apply(LocalStack.Options.in(directory).withJvm(ServiceJvm.AS_DEPLOYED));
    return new BenchStack(directory, LocalStack.start(options, new ProgressLines(progress)));
  }

  /** A client that holds the roles in {@link #NAMESPACE}; the caller closes it. */
  public DomeClient client(String... roles) {
    return client(NAMESPACE, RetryPolicy.DEFAULT, roles);
  }

  /**
   * A client that holds the roles in the namespace and tries again as told; the caller closes it.
   */
  public DomeClient client(String namespace, RetryPolicy tries, String... roles) {
    String token =
        stack.issuer().mint(PRINCIPAL, Map.of(namespace, List.of(roles)), TOKEN_LIFETIME);
    return DomeClient.of(URI.create(stack.apiUrl()), namespace, () -> token, tries);
  }

  /** Rows of the journal that each service has yet to apply. */
  Map<String, Long> rowsBehind() {
    return DatabaseUse.rowsBehind(directory, state());
  }

  /**
   * Waits until every service has applied everything, five minutes at most; how long it took, in
   * ms.
   */
  long awaitReaders() throws InterruptedException {
    return await(() -> rowsBehind().values().stream().allMatch(behind -> behind == 0));
  }

  /**
   * Waits until every run that ended has its manifest and its signed statements, as long as for the
   * readers at most; how long it took, in ms.
   */
  long awaitSigned() throws InterruptedException {
    return await(() -> DatabaseUse.unsigned(directory, state()) == 0);
  }

  private static long await(BooleanSupplier done) throws InterruptedException {
    long start = System.nanoTime();
    while (!done.getAsBoolean() && System.nanoTime() - start < READERS_PATIENCE.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  public LocalStack stack() {
    return stack;
  }

  public StackState state() {
    return stack.state();
  }

  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    stack.close();
    LocalStack.forget(directory);
  }
}
