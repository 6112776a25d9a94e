package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.devstack.NatsServer;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkAccessTest {
  /** One attempt to connect. */
  private static final LinkBudget IMPATIENT =
      new LinkBudget(
          1, 2_000, 250, 5_000, 3_000, 5_000, 64, 5_000, 500, 4 << 20, 2_000, 50, 2_000, 64);

  @TempDir Path directory;

  /** As a service's configuration gives it; null where nothing is set. */
  private record Settings(
      String name, Path password, Path credentials, Path trustStore, Path trustStorePassword)
      implements LinkAccess {
    @Override
    public Optional<String> user() {
      return Optional.ofNullable(name);
    }

    @Override
    public Optional<Path> passwordFile() {
      return Optional.ofNullable(password);
    }

    @Override
    public Optional<Path> credentialsFile() {
      return Optional.ofNullable(credentials);
    }

    @Override
    public Optional<Path> trustStoreFile() {
      return Optional.ofNullable(trustStore);
    }

    @Override
    public Optional<Path> trustStorePasswordFile() {
      return Optional.ofNullable(trustStorePassword);
    }
  }

  @Test
  void a_user_with_a_password_is_let_in_and_nobody_else() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "right\n");
    Path wrong = Files.writeString(directory.resolve("wrong"), "wrong\n");
    NatsServer.Options options =
        NatsServer.Options.in(directory.resolve("nats"))
            .withConfig("authorization { users: [{user: someone, password: right}] }");
    try (NatsServer server = NatsServer.start(options)) {
      LinkOptions anonymous = LinkOptions.of(server.url(), "test").with(IMPATIENT);

      try (NatsLink link = NatsLink.open(as("someone", password).applyTo(anonymous))) {
        assertThat(link.connected()).isTrue();
      }
      assertThatThrownBy(() -> NatsLink.open(as("someone", wrong).applyTo(anonymous)))
          .isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> NatsLink.open(as(null, null).applyTo(anonymous)))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void half_a_pair_is_refused() {
    LinkOptions options = LinkOptions.of("nats://localhost", "test");
    Path file = directory.resolve("file");

    assertThatThrownBy(() -> as(null, file).applyTo(options)).hasMessageContaining("needs a user");
    assertThatThrownBy(() -> new Settings("a", file, file, null, null).applyTo(options))
        .hasMessageContaining("not both");
    assertThatThrownBy(() -> new Settings("a", null, null, file, null).applyTo(options))
        .hasMessageContaining("together");
  }

  private static Settings as(String user, Path password) {
    return new Settings(user, password, null, null, null);
  }
}
