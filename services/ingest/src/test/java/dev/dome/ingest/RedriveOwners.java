package dev.dome.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The two owners that a redrive asks, with the answers a test gives them by path. */
public final class RedriveOwners implements QuarkusTestResourceLifecycleManager {
  /** Bodies by path; every other path is 404. */
  static final Map<String, String> ANSWERS = new ConcurrentHashMap<>();

  /** The Authorization header of the last request to a path. */
  static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

  /** An answer that never ends. */
  static final String TRICKLES = "trickles";

  /** One for every answer that nobody took any more. */
  static final BlockingQueue<Boolean> GIVEN_UP = new LinkedBlockingQueue<>();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", RedriveOwners::answer);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Map.of(
        "dome.ingest.proxy.answer-timeout", "500ms",
        "dome.ingest.owners.state-controller.url", url,
        "dome.ingest.owners.retry-scheduler.url", url);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      TOKENS.put(path, exchange.getRequestHeaders().getFirst("Authorization"));
      if (TRICKLES.equals(ANSWERS.get(path))) {
        trickle(exchange);
        return;
      }
      byte[] body = ANSWERS.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(ANSWERS.containsKey(path) ? 200 : 404, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Sends a little at a time, for as long as somebody takes it. */
  private static void trickle(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try {
      while (true) {
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (IOException e) {
      GIVEN_UP.add(true);
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
