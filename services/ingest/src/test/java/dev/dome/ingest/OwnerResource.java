package dev.dome.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.devstack.Ports;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A small owner of reads, and the address of one that does not run. */
public final class OwnerResource implements QuarkusTestResourceLifecycleManager {
  /** What was asked, as the owner saw it. */
  record Asked(String method, String uri, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).getFirst();
    }
  }

  static final BlockingQueue<Asked> ASKED = new LinkedBlockingQueue<>();

  /** What the event stream sends, one entry at a time; an empty one ends it. */
  static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();

  /** Lets an owner that is late answer; it then says whether anyone still took the answer. */
  static final BlockingQueue<Boolean> LATE_MAY_ANSWER = new LinkedBlockingQueue<>();

  static final BlockingQueue<Boolean> LATE_WAS_TAKEN = new LinkedBlockingQueue<>();

  private static final int MORE_THAN_SOCKETS_HOLD = 64 * 1024 * 1024;

  private HttpServer server;
  private ExecutorService threads;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/", OwnerResource::handle);
    server.start();
    return Map.of(
        "dome.ingest.proxy.head-timeout",
        "2s",
        "dome.ingest.owners.test-owner.url",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "dome.ingest.owners.away-owner.url",
        "http://127.0.0.1:" + Ports.free());
  }

  private static void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, List<String>> headers = new TreeMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
      byte[] body = exchange.getRequestBody().readAllBytes();
      ASKED.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              new String(body, StandardCharsets.UTF_8)));
      if (exchange.getRequestURI().getPath().endsWith("/events")) {
        stream(exchange);
      } else if (exchange.getRequestURI().getPath().endsWith("/late")) {
        answerLate(exchange);
      } else if (exchange.getRequestURI().getPath().endsWith("/cut")) {
        cut(exchange);
      } else {
        answer(exchange);
      }
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body = "{\"owned\":true}".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.getResponseHeaders().add("X-Owner", "yes");
    exchange.getResponseHeaders().add("Keep-Alive", "timeout=5");
    if (exchange.getRequestURI().getPath().endsWith("empty")) {
      exchange.sendResponseHeaders(204, -1);
      return;
    }
    int status = exchange.getRequestURI().getPath().contains("missing") ? 404 : 200;
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** The exchange closes with most of the body missing, which closes its connection. */
  private static void cut(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1_000);
    exchange.getResponseBody().write("{\"owned\":".getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  private static void answerLate(HttpExchange exchange) {
    try {
      LATE_MAY_ANSWER.take();
      exchange.sendResponseHeaders(200, MORE_THAN_SOCKETS_HOLD);
      exchange.getResponseBody().write(new byte[MORE_THAN_SOCKETS_HOLD]);
      LATE_WAS_TAKEN.add(true);
    } catch (IOException e) {
      LATE_WAS_TAKEN.add(false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try {
      for (String event = EVENTS.take(); !event.isEmpty(); event = EVENTS.take()) {
        exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    server.stop(0);
    threads.shutdownNow();
  }
}
