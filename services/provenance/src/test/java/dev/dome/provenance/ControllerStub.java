package dev.dome.provenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.contracts.Json;
import dev.dome.kernel.JournalRow;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

/**
 * The state-controller's reads of a journal of frozen histories, eight rows a page. The ledger of
 * golden-reject is forged, that of golden-expire cannot be read the first four times, queue-run is
 * still under way, and run-away never answers.
 */
public final class ControllerStub implements QuarkusTestResourceLifecycleManager {
  static final String FORGED = "golden-reject";
  static final String AWAY_AT_FIRST = "golden-expire";
  static final String ALWAYS_AWAY = "run-away";
  static final String UNDER_WAY = "queue-run";

  private static final int PAGE = 8;
  private static final int TIMES_AWAY = 4;

  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;

  /** The journal of the lane, the same in every class loader. */
  static GoldenLane lane() {
    return GoldenLane.of(
        "approve", "reject", "expire", "retry-and-dead-letter", "redrive", "cancel");
  }

  @Override
  public Map<String, String> start() {
    GoldenLane lane = lane();
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/v1/journal/" + GoldenLane.LANE,
        exchange -> answer(exchange, lane.rows(), JournalRow::lanePosition));
    server.createContext(
        "/v1/journal/namespaces/" + GoldenLane.NAMESPACE + "/runs/",
        exchange -> ledger(exchange, lane));
    server.start();
    return Map.of("DOME_STATE_CONTROLLER_URL", "http://localhost:" + server.getAddress().getPort());
  }

  private void ledger(HttpExchange exchange, GoldenLane lane) throws IOException {
    String runId = exchange.getRequestURI().getPath().replaceAll(".*/", "");
    boolean away =
        runId.equals(ALWAYS_AWAY)
            || (runId.equals(AWAY_AT_FIRST) && asked.getAndIncrement() < TIMES_AWAY);
    List<JournalRow> rows = lane.run(runId);
    if (away || rows.isEmpty()) {
      exchange.sendResponseHeaders(away ? 503 : 404, -1);
      exchange.close();
      return;
    }
    List<JournalRow> shown =
        switch (runId) {
          case FORGED -> GoldenLane.forged(rows);
          case UNDER_WAY -> rows.subList(0, firstClaim(rows));
          default -> rows;
        };
    answer(exchange, shown, row -> row.envelope().sequence());
  }

  private static int firstClaim(List<JournalRow> rows) {
    int at = 0;
    while (!rows.get(at).envelope().topic().equals("input.claim_task")) {
      at++;
    }
    return at;
  }

  private static void answer(
      HttpExchange exchange, List<JournalRow> rows, ToLongFunction<JournalRow> position)
      throws IOException {
    String query = exchange.getRequestURI().getQuery();
    long after = Long.parseLong(query.replaceAll(".*after=([0-9]+).*", "$1"));
    List<JournalRow> rest = rows.stream().filter(row -> position.applyAsLong(row) > after).toList();
    List<JournalRow> page = rest.subList(0, Math.min(PAGE, rest.size()));
    ObjectNode answer = Json.mapper().createObjectNode();
    answer.set("items", Json.tree(page));
    if (rest.size() > PAGE) {
      answer.put("next_after", position.applyAsLong(page.getLast()));
    }
    byte[] body = Json.write(answer);
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }
}
