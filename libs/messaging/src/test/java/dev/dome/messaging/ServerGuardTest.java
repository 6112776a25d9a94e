package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.devstack.NatsServer;
import dev.dome.messaging.ServerGuard.Verdict;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerGuardTest {
  @TempDir Path directory;

  @Test
  void a_server_that_syncs_always_is_safe() {
    try (NatsServer server = NatsServer.start(NatsServer.Options.in(directory))) {
      Verdict verdict = new ServerGuard(URI.create(server.monitorUrl())).check();

      assertThat(verdict).isEqualTo(new Verdict.SyncsAlways());
      assertThat(verdict.safe()).isTrue();
    }
  }

  @Test
  void the_default_of_nats_server_is_not_safe() {
    var options = NatsServer.Options.in(directory).withSyncInterval("\"2m\"");
    try (NatsServer server = NatsServer.start(options)) {
      Verdict verdict = new ServerGuard(URI.create(server.monitorUrl())).check();

      assertThat(verdict).isEqualTo(new Verdict.SyncsLater(Duration.ofMinutes(2)));
      assertThat(verdict.safe()).isFalse();
    }
  }

  @Test
  void a_server_that_does_not_answer_is_not_safe() {
    NatsServer server = NatsServer.start(NatsServer.Options.in(directory));
    server.close();

    assertThat(new ServerGuard(URI.create(server.monitorUrl())).check())
        .isInstanceOf(Verdict.Unreachable.class);
  }
}
