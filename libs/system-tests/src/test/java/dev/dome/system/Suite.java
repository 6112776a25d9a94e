package dev.dome.system;

import dev.dome.client.DomeClient;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One local stack with two controller replicas, shared by every test class of this module and
 * stopped after the last.
 */
final class Suite implements ParameterResolver {
  static final String NAMESPACE = "default";

  /** What the tests drive. */
  record Running(LocalStack stack) implements AutoCloseable {
    String token(String subject, String... roles) {
      return stack.issuer().mint(subject, Map.of(NAMESPACE, List.of(roles)), Duration.ofHours(1));
    }

    DomeClient client(String subject, String... roles) {
      String token = token(subject, roles);
      return DomeClient.of(URI.create(stack.apiUrl()), NAMESPACE, () -> token);
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
          LocalStack.start(LocalStack.Options.in(directory).withControllers(2), Progress.silent()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
