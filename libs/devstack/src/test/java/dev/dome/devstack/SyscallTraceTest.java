package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both servers answer a write once it is synced; and the proof of it fails where they were told not
 * to. Needs strace and the right to trace.
 */
class SyscallTraceTest {
  private static final String BLOCKS = "/streams/PROOF/msgs/";
  private static final String LOG = "/pg_wal/";

  @TempDir Path directory;

  /** What was answered when, and when it was on disk. */
  private record Answered(double atSeconds, OptionalDouble syncedAtSeconds) {
    boolean afterItsSync() {
      return syncedAtSeconds.isPresent() && syncedAtSeconds.getAsDouble() <= atSeconds;
    }
  }

  private interface Asking {
    void ask(String marker) throws Exception;
  }

  /** Empty on a machine that cannot trace, which the output then says. */
  private Optional<Answered> traced(DevServer server, String file, Asking asking) throws Exception {
    return switch (SyscallTrace.attach(server, directory)) {
      case SyscallTrace.Tried.Refused(String why) -> {
        assertThat(System.getenv("SYNCS_MUST_BE_TRACED"))
            .as("syncs must be traced: " + why)
            .isNull();
        System.out.println("NOT RUN: no sync was traced: " + why);
        yield Optional.empty();
      }
      case SyscallTrace.Tried.Attached(SyscallTrace trace) -> {
        String marker = "marker-" + System.nanoTime();
        asking.ask(marker);
        double at = seconds(Instant.now());
        yield Optional.of(new Answered(at, trace.end().syncedAt(marker, file)));
      }
    };
  }

  private static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() / 1e9;
  }

  @Test
  void natsAcknowledgesAfterTheSync() throws Exception {
    Optional<Answered> answered = published("always");

    assertThat(answered.stream()).allMatch(Answered::afterItsSync);
  }

  @Test
  void natsWithASyncIntervalIsCaughtAcknowledgingBefore() throws Exception {
    Optional<Answered> answered = published("2m");

    assertThat(answered.stream()).noneMatch(Answered::afterItsSync);
  }

  private Optional<Answered> published(String syncInterval) throws Exception {
    NatsServer.Options options = NatsServer.Options.in(directory).withSyncInterval(syncInterval);
    try (NatsServer server = NatsServer.start(options);
        Nats nats = new Nats(server.port())) {
      nats.request(
          "$JS.API.STREAM.CREATE.PROOF",
          "{\"name\":\"PROOF\",\"subjects\":[\"proof\"],\"storage\":\"file\"}");
      return traced(server, BLOCKS, marker -> nats.request("proof", marker));
    }
  }

  @Test
  void postgresAnswersACommitAfterTheSync() throws Exception {
    Optional<Answered> answered = committed("on");

    assertThat(answered.stream()).allMatch(Answered::afterItsSync);
  }

  @Test
  void anAsynchronousCommitIsCaughtBeingAnsweredBefore() throws Exception {
    Optional<Answered> answered = committed("off");

    assertThat(answered.stream()).noneMatch(Answered::afterItsSync);
  }

  private Optional<Answered> committed(String synchronousCommit) throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Options.in(directory));
        var connection =
            DriverManager.getConnection(
                server.admin().jdbcUrl(), server.admin().user(), server.admin().password());
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE proof (marker text)");
      statement.execute("SET synchronous_commit = " + synchronousCommit);
      return traced(
          server, LOG, marker -> statement.execute("INSERT INTO proof VALUES ('" + marker + "')"));
    }
  }

  /** As much of the protocol of NATS as a request takes. */
  private static final class Nats implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private Nats(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      out = socket.getOutputStream();
      send("CONNECT {\"verbose\":false}\r\nSUB answers 1\r\n");
    }

    private void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void request(String subject, String body) throws IOException {
      send("PUB " + subject + " answers " + body.length() + "\r\n" + body + "\r\n");
      String line = in.readLine();
      while (!line.startsWith("MSG answers")) {
        line = in.readLine();
      }
      assertThat(in.readLine()).doesNotContain("\"error\"");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
