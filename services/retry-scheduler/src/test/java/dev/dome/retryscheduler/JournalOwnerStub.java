package dev.dome.retryscheduler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.PublishedRow;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** Answers {@code GET /v1/journal/{lane}?after=} for one lane, two rows at a time. */
public final class JournalOwnerStub implements QuarkusTestResourceLifecycleManager {
  static final Lane LANE = new Lane(6);
  private static final int PAGE = 2;

  private HttpServer server;

  /** The journal of the lane, the same in every process. */
  static JournalWriter journal() {
    return new JournalWriter(new NamespaceId("tenant-gap"), "run-gap", LANE)
        .planned(null)
        .retry("build", 2, 1_000)
        .assigned()
        .assigned()
        .assigned();
  }

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/journal/" + LANE, JournalOwnerStub::answer);
    server.start();
    return Map.of("DOME_STATE_CONTROLLER_URL", "http://localhost:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    long after = Long.parseLong(query.replaceAll(".*after=([0-9]+).*", "$1"));
    List<PublishedRow> rows =
        journal().rows().stream().filter(r -> r.lanePosition() > after).limit(PAGE).toList();
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
