package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NatsServerTest {
  @TempDir Path directory;

  @Test
  void aKilledServerStartsAgainOnTheSamePort() {
    try (var server = NatsServer.start(NatsServer.Options.in(directory))) {
      var firstPid = server.pid();

      server.kill();
      assertThat(server.isServing()).isFalse();
      server.restart();

      assertThat(server.isServing()).isTrue();
      assertThat(server.pid()).isNotEqualTo(firstPid);
    }
  }

  @Test
  void theConfigurationFsyncsAlwaysIsPrivateAndStaysOnTheLoopbackInterface() throws Exception {
    try (var server = NatsServer.start(NatsServer.Options.in(directory))) {
      var config = directory.resolve("nats-server.conf");

      assertThat(config).content().contains("sync_interval: always", "127.0.0.1:" + server.port());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
          .isEqualTo("rw-------");
      assertThat(Listeners.of(server.pid())).isNotEmpty().allMatch(Listeners::isLoopback);
    }
  }

  @Test
  void versionsBefore212AreRefused() {
    assertThat(List.of("nats-server: v2.9.10", "nats-server: v2.11.9", "not a version"))
        .noneMatch(NatsBinary::isRecent);
    assertThat(List.of("nats-server: v2.12.0", "nats-server: v2.15.1", "nats-server: v3.0.0"))
        .allMatch(NatsBinary::isRecent);
  }

  @Test
  void whenNoWayWorksTheMessageNamesEachOneAndWhatToDo() {
    var closed =
        new NatsBinary.Source() {
          @Override
          public String name() {
            return "the closed way";
          }

          @Override
          public void fetch(Path target) {
            throw new DevstackException("it is closed");
          }
        };
    var cache = new Cache(directory.resolve("cache"));

    assertThatThrownBy(
            () -> cache.directory("x", target -> NatsBinary.fetch(target, List.of(closed))))
        .hasMessageContaining("DOME_NATS_SERVER")
        .hasMessageContaining("the closed way: it is closed");
    assertThat(cache.root().resolve("x")).doesNotExist();
  }

  @Test
  void debianBringsARecentServer() {
    var target = PrivateFiles.directory(directory.resolve("debian"));

    new DebianPackage("nats-server").fetch(target);

    var version =
        Executables.run(List.of(target.resolve("nats-server").toString(), "--version")).output();
    assertThat(NatsBinary.isRecent(version)).as(version).isTrue();
    assertThat(target.resolve("apt")).doesNotExist();
  }

  @Test
  void anArchiveWithAnotherDigestIsRefused() throws Exception {
    var archive = Files.writeString(directory.resolve("archive"), "not what was pinned");

    assertThatThrownBy(() -> NatsRelease.mustMatch(archive, "00"))
        .hasMessageContaining("expected SHA-256 00");
  }
}
