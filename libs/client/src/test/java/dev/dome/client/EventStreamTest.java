package dev.dome.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.client.model.RunEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that falls silent is left for a new connection. */
@Timeout(30)
final class EventStreamTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofSeconds(20), Duration.ofMillis(5), Duration.ofMillis(20));

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger connections = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  /** The first connection never begins, the second stops in its middle, the third ends. */
  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      int connection = connections.incrementAndGet();
      if (connection == 1) {
        over.await();
      }
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(event(connection));
      exchange.getResponseBody().flush();
      if (connection == 2) {
        over.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] event(int connection) {
    String topic = connection == 3 ? "run.completed" : "task.assigned";
    return "data: {\"sequence\":%d,\"topic\":\"%s\"}\n\n"
        .formatted(connection, topic)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aServerThatFallsSilentIsAskedAgain() {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    List<Long> seen = new ArrayList<>();
    try (Transport transport = new Transport(uri, () -> "token-1");
        EventStream stream =
            new EventStream(transport, "/events", 0, QUICK, Duration.ofMillis(500))) {
      stream.forEachRemaining((RunEvent event) -> seen.add(event.sequence()));
    }

    assertThat(seen).containsExactly(2L, 3L);
    assertThat(connections).hasValue(3);
  }
}
