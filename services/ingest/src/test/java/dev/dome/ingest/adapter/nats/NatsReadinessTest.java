package dev.dome.ingest.adapter.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.devstack.NatsServer;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.ServerGuard;
import dev.dome.messaging.StreamsConfig;
import dev.dome.telemetry.Tracing;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsReadinessTest {

  @Test
  void aServerThatSyncsLaterIsNeverReady(@TempDir Path directory) {
    NatsServer.Options options = NatsServer.Options.in(directory).withSyncInterval("2m");
    try (NatsServer server = NatsServer.start(options);
        NatsGateway gateway = gateway(server)) {
      gateway.start();
      await().atMost(Duration.ofSeconds(10)).until(gateway::connected);

      HealthCheckResponse answer =
          new NatsReadiness(gateway, new ServerGuard(URI.create(server.monitorUrl()))).call();

      assertThat(answer.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
      assertThat(answer.getData().orElseThrow().get("durability").toString())
          .contains("not always");
    }
  }

  @Test
  void aServerThatSyncsAlwaysIsReadyAndSaysSo(@TempDir Path directory) {
    try (NatsServer server = NatsServer.start(NatsServer.Options.in(directory));
        NatsGateway gateway = gateway(server)) {
      gateway.start();
      await().atMost(Duration.ofSeconds(10)).until(gateway::connected);

      HealthCheckResponse answer =
          new NatsReadiness(gateway, new ServerGuard(URI.create(server.monitorUrl()))).call();

      assertThat(answer.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
      assertThat(answer.getData().orElseThrow())
          .isEqualTo(Map.of("connected", true, "durability", "sync_interval is always"));
    }
  }

  @Test
  void aGatewayThatIsNotConnectedIsNotReady(@TempDir Path directory) {
    try (NatsServer server = NatsServer.start(NatsServer.Options.in(directory));
        NatsGateway gateway = gateway(server)) {
      HealthCheckResponse answer =
          new NatsReadiness(gateway, new ServerGuard(URI.create(server.monitorUrl()))).call();

      assertThat(answer.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
      assertThat(answer.getData().orElseThrow().get("connected")).isEqualTo(false);
    }
  }

  private static NatsGateway gateway(NatsServer server) {
    return new NatsGateway(
        LinkOptions.of(server.url(), "readiness-test"),
        StreamsConfig.DEFAULT,
        1 << 20,
        "readiness-test",
        Duration.ofSeconds(1),
        Tracing.off());
  }
}
