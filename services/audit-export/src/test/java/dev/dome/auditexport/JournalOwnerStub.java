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
import java.util.List;
import java.util.Map;

/** Answers {@code GET /v1/journal/{lane}?after=} with {@link Ledger#ofLane}, a few rows a time. */
public final class JournalOwnerStub implements QuarkusTestResourceLifecycleManager {
  static final int ROWS = 40;
  private static final int PAGE = 7;

  private HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/journal/", JournalOwnerStub::answer);
    server.start();
    return Map.of("DOME_STATE_CONTROLLER_URL", "http://localhost:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    int lane = Integer.parseInt(exchange.getRequestURI().getPath().replaceAll(".*/", ""));
    String query = exchange.getRequestURI().getQuery();
    long after = Long.parseLong(query.replaceAll(".*after=([0-9]+).*", "$1"));
    List<PublishedRow> rows =
        Ledger.ofLane(new Lane(lane), ROWS).rows().stream()
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
