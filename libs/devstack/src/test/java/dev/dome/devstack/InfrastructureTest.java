package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InfrastructureTest {
  private Path directory;
  private Infrastructure infrastructure;

  @BeforeAll
  void start(@TempDir Path empty) {
    directory = empty.resolve("dome");
    infrastructure = Infrastructure.start(Infrastructure.Options.in(directory), Progress.silent());
  }

  @AfterAll
  void stop() {
    infrastructure.close();
  }

  @Test
  void aServiceGetsItsOwnDatabaseRoleAndNoOther() {
    var controller = infrastructure.connections().environmentOf(DomeService.STATE_CONTROLLER);
    var ingest = infrastructure.connections().environmentOf(DomeService.INGEST);

    assertThat(controller)
        .containsEntry("DOME_PG_USER", "dome_state_controller")
        .containsKeys("DOME_PG_PASSWORD", "DOME_PG_URL", "DOME_NATS_URL", "DOME_NATS_MONITOR_URL");
    assertThat(ingest)
        .containsKeys("DOME_NATS_URL", "DOME_JWT_PUBLIC_KEY_LOCATION", "DOME_HMAC_KEY_FILE")
        .doesNotContainKeys("DOME_PG_USER", "DOME_PG_PASSWORD");
  }

  @Test
  void secretsConfigurationsAndLogsAreReadableByTheirOwnerOnly() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile).toList())
          .isNotEmpty()
          .allSatisfy(file -> assertThat(mode(file)).startsWith("rw-------"));
    }
    assertThat(mode(directory.resolve("keys"))).isEqualTo("rwx------");
  }

  @Test
  void anotherClassLoaderFindsTheRunningServers() {
    var adopted = Infrastructure.adopt(infrastructure.running()).orElseThrow();

    assertThat(adopted.connections().natsUrl()).isEqualTo(infrastructure.connections().natsUrl());
    assertThat(adopted.postgres().orElseThrow().isServing()).isTrue();
  }

  @Test
  void aPausedServerIsAliveAndSilentUntilItResumes() {
    var nats = infrastructure.nats().orElseThrow();

    nats.pause();
    assertThat(nats.isAlive()).isTrue();
    assertThat(nats.isServing()).isFalse();
    nats.resume();

    assertThat(nats.isServing()).isTrue();
  }

  @Test
  void serversOfSomebodyElseAreTakenFromTheEnvironment() {
    var external =
        Infrastructure.External.of(
            Map.of(
                "DOME_NATS_URL", "nats://broker:4222",
                "DOME_PG_URL", "postgresql://db:6432/dome",
                "DOME_PG_ADMIN_USER", "owner"));

    assertThat(external.natsUrl()).contains("nats://broker:4222");
    assertThat(external.postgresAdmin().orElseThrow().jdbcUrl())
        .isEqualTo("jdbc:postgresql://db:6432/dome");
    assertThatThrownBy(() -> Infrastructure.External.of(Map.of("DOME_PG_URL", "jdbc:x")))
        .hasMessageContaining("expected postgresql://host:port/database");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
