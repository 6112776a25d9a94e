package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.devstack.NatsServer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A real server with both streams, and a link to it. */
final class Rig implements AutoCloseable {
  final NatsServer server;
  final NatsLink link;
  final Streams streams;
  final Streams.Incarnations incarnations;

  private Rig(NatsServer server, StreamsConfig config, LinkBudget budget) {
    this.server = server;
    this.link = NatsLink.open(LinkOptions.of(server.url(), "test").with(budget));
    this.streams = link.streams();
    this.incarnations = streams.ensure(config);
  }

  static Rig start(Path directory) {
    return start(directory, StreamsConfig.DEFAULT);
  }

  static Rig start(Path directory, StreamsConfig config) {
    return start(directory, config, LinkBudget.DEFAULT);
  }

  static Rig start(Path directory, StreamsConfig config, LinkBudget budget) {
    return new Rig(NatsServer.start(NatsServer.Options.in(directory)), config, budget);
  }

  void killAndRestart() {
    server.kill();
    server.restart();
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  static long stored(CompletableFuture<Publication> future) throws Exception {
    Publication publication = get(future);
    assertThat(publication).isInstanceOf(Publication.Stored.class);
    return ((Publication.Stored) publication).sequence();
  }

  @Override
  public void close() {
    link.close();
    server.close();
  }
}
