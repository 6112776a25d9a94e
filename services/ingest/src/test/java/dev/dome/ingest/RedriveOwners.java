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
import java.util.concurrent.ConcurrentHashMap;

/** The two owners that a redrive asks, with the answers a test gives them by path. */
public final class RedriveOwners implements QuarkusTestResourceLifecycleManager {
  /** Bodies by path; every other path is 404. */
  static final Map<String, String> ANSWERS = new ConcurrentHashMap<>();

  /** The Authorization header of the last request to a path. */
  static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

  private HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", RedriveOwners::answer);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Map.of(
        "dome.ingest.owners.state-controller.url", url,
        "dome.ingest.owners.retry-scheduler.url", url);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      TOKENS.put(path, exchange.getRequestHeaders().getFirst("Authorization"));
      byte[] body = ANSWERS.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(ANSWERS.containsKey(path) ? 200 : 404, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
