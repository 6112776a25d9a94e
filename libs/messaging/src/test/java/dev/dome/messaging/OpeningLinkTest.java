package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.NatsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that starts before its server. */
class OpeningLinkTest {
  private static final Lane LANE = new Lane(1);

  @TempDir Path directory;

  @Test
  void everything_waits_for_the_server_and_then_goes_on() throws Exception {
    try (NatsServer server = NatsServer.start(NatsServer.Options.in(directory))) {
      server.kill();
      AtomicInteger attempts = new AtomicInteger();
      try (NatsLink link = NatsLink.opening(LinkOptions.of(server.url(), "test"))) {
        link.onceOpen(() -> {
          if (attempts.incrementAndGet() == 1) {
            throw new UncheckedIOException(new IOException("planned"));
          }
          link.streams().ensure(StreamsConfig.DEFAULT);
        });
        JournalReader reader =
            JournalReader.read(
                link,
                "service",
                LANE,
                lane -> CompletableFuture.completedFuture(0L),
                batch -> CompletableFuture.completedFuture(null));
        assertThat(link.connected()).isFalse();
        assertThat(attempts).hasValue(0);
        assertThat(Rig.get(link.rowPublisher().publish(LANE, Inputs.rows(LANE, 1, 1))))
            .isInstanceOf(Publication.Failed.class);
        assertThat(Rig.get(link.inboxPublisher().publish(LANE, Inputs.message(1))))
            .isInstanceOf(Publication.Failed.class);
        assertThatThrownBy(() -> link.streams().incarnation(Subjects.JOURNAL_STREAM))
            .isInstanceOf(UncheckedIOException.class);

        server.restart();
        await().until(() -> reader.state() instanceof ReaderState.Reading);
        Rig.stored(link.rowPublisher().publish(LANE, Inputs.rows(LANE, 1, 3)));
        await().until(() -> reader.position() == 3);
        assertThat(attempts).hasValue(2);
        reader.close();
      }
    }
  }

  @Test
  void with_a_server_the_start_is_over_when_it_returns() {
    try (NatsServer server = NatsServer.start(NatsServer.Options.in(directory));
        NatsLink link = NatsLink.opening(LinkOptions.of(server.url(), "test"))) {
      AtomicInteger done = new AtomicInteger();
      link.onceOpen(done::incrementAndGet);

      assertThat(link.connected()).isTrue();
      assertThat(done).hasValue(1);
    }
  }
}
