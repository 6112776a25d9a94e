package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.cli.admin.LiveSystem;
import dev.dome.cli.admin.LiveVerification;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.Progress;
import dev.dome.verification.invariant.InvariantReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One local stack with two controller replicas, shared by every test class of this module and
 * stopped after the last. After each class the invariants must hold of every run it made.
 */
final class Suite implements ParameterResolver, AfterAllCallback {
  static final String NAMESPACE = "default";

  /**
   * What the tests drive.
   *
   * @param verified runs whose invariants were checked after an earlier class
   */
  record Running(LocalStack stack, Set<String> verified) implements AutoCloseable {
    String token(String subject, String... roles) {
      return stack.issuer().mint(subject, Map.of(NAMESPACE, List.of(roles)), Duration.ofHours(1));
    }

    DomeClient client(String subject, String... roles) {
      String token = token(subject, roles);
      return DomeClient.of(URI.create(stack.apiUrl()), NAMESPACE, () -> token);
    }

    private DomeClient auditorOf(String namespace) {
      String token =
          stack
              .issuer()
              .mint("auditor", Map.of(namespace, List.of("auditor")), Duration.ofHours(1));
      return DomeClient.of(URI.create(stack.apiUrl()), namespace, () -> token);
    }

    private void verify() {
      try (DomeClient client = auditorOf(NAMESPACE);
          DomeClient dome = auditorOf(ServerOption.SYSTEM_NAMESPACE)) {
        LiveSystem system = new LiveSystem(client, dome);
        List<String> runs = system.runs().stream().filter(verified::add).toList();
        InvariantReport report = LiveVerification.run(system, runs, List.of(), (done, of) -> {});
        assertThat(report.violations()).as("invariants after this class").isEmpty();
      }
    }

    @Override
    public void close() {
      stack.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return running(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    running(context).verify();
  }

  private static Running running(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Suite.class))
        .computeIfAbsent(Running.class, key -> start(), Running.class);
  }

  private static Running start() {
    try {
      // A short path: a server may put a socket there.
      Path directory = Files.createTempDirectory("dome-suite");
      return new Running(
          LocalStack.start(
              LocalStack.Options.in(directory)
                  .withControllers(2)
                  .withEnvironment(Map.of("DOME_BREAKER_OPEN", "8s")),
              Progress.silent()),
          new HashSet<>());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
