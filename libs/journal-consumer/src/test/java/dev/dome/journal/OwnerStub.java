package dev.dome.journal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers {@code GET /v1/journal/{lane}?after=} with the three rows behind a position, and the
 * first question of each lane with 503.
 */
public final class OwnerStub implements QuarkusTestResourceLifecycleManager {
  private static final int PAGE = 3;

  private final Map<String, Boolean> asked = new ConcurrentHashMap<>();
  private HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/journal/", this::answer);
    server.start();
    return Map.of("DOME_STATE_CONTROLLER_URL", "http://localhost:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String lane = exchange.getRequestURI().getPath().replaceAll(".*/", "");
    String query = exchange.getRequestURI().getQuery();
    long after = Long.parseLong(query.replaceAll(".*after=([0-9]+).*", "$1"));
    boolean first = asked.put(lane, true) == null;
    byte[] body =
        Json.write(
            Map.of("items", Lines.rows(new Lane(Integer.parseInt(lane)), after + 1, after + PAGE)));
    exchange.sendResponseHeaders(first ? 503 : 200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
