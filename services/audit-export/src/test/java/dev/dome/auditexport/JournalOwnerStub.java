package dev.dome.auditexport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers {@code GET /v1/journal/{lane}?after=} with the rows of {@link Ledger#ofLane}, a few a
 * time, as many as the lane is said to have: none until a {@code PUT} with their number.
 */
public final class JournalOwnerStub implements QuarkusTestResourceLifecycleManager {
  static final int ROWS = 40;
  private static final int PAGE = 7;

  private final Map<Lane, Integer> held = new ConcurrentHashMap<>();
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

  /** Says how many rows a lane has. */
  static void has(URI owner, Lane lane, int rows) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(owner.resolve("/v1/journal/" + lane))
            .PUT(HttpRequest.BodyPublishers.ofString(Integer.toString(rows)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.send(request, HttpResponse.BodyHandlers.discarding());
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Lane lane =
        new Lane(Integer.parseInt(exchange.getRequestURI().getPath().replaceAll(".*/", "")));
    if (exchange.getRequestMethod().equals("PUT")) {
      byte[] rows = exchange.getRequestBody().readAllBytes();
      held.put(lane, Integer.parseInt(new String(rows, StandardCharsets.UTF_8)));
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
      return;
    }
    String query = exchange.getRequestURI().getQuery();
    long after = Long.parseLong(query.replaceAll(".*after=([0-9]+).*", "$1"));
    List<PublishedRow> rows =
        Ledger.ofLane(lane, ROWS).rows().stream()
            .limit(held.getOrDefault(lane, 0))
            .filter(row -> row.lanePosition() > after)
            .limit(PAGE)
            .toList();
    byte[] body = Json.write(Map.of("items", rows));
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
