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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers {@code GET /v1/journal/{lane}?after=} with at most three of the rows behind a position
 * that the lane is said to have, and the first question of each lane with 503. {@code PUT} with a
 * position as the body says how many rows a lane has: none until then, but for {@link #RESTORED}.
 */
public final class OwnerStub implements QuarkusTestResourceLifecycleManager {
  /** Has {@link #RESTORED_ROWS} rows from the beginning, of which the stream has none. */
  static final Lane RESTORED = new Lane(8);

  static final long RESTORED_ROWS = 7;

  private static final int PAGE = 3;

  private final Map<Lane, Long> last = new ConcurrentHashMap<>(Map.of(RESTORED, RESTORED_ROWS));
  private final Map<Lane, Boolean> asked = new ConcurrentHashMap<>();
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
    Lane lane =
        new Lane(Integer.parseInt(exchange.getRequestURI().getPath().replaceAll(".*/", "")));
    if (exchange.getRequestMethod().equals("PUT")) {
      last.put(lane, Long.parseLong(text(exchange)));
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
      return;
    }
    String query = exchange.getRequestURI().getQuery();
    long after = Long.parseLong(query.replaceAll(".*after=([0-9]+).*", "$1"));
    long to = Math.min(after + PAGE, last.getOrDefault(lane, 0L));
    boolean first = asked.put(lane, true) == null;
    byte[] body = Json.write(Map.of("items", Lines.rows(lane, after + 1, to)));
    exchange.sendResponseHeaders(first ? 503 : 200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static String text(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Says how many rows a lane has. */
  static void has(URI owner, Lane lane, long rows) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(owner.resolve("/v1/journal/" + lane))
            .PUT(HttpRequest.BodyPublishers.ofString(Long.toString(rows)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.send(request, HttpResponse.BodyHandlers.discarding());
    }
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
