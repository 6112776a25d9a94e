package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that knows a golden range, and can break off in the middle. */
public final class RangeServer implements AutoCloseable {
  private static final int LEDGER_PAGE = 7;

  /** What was asked. */
  final List<String> asked = new ArrayList<>();

  /** The answer, counted from 1, from which on all break off after their half; 0 for none. */
  final AtomicInteger breaksOff = new AtomicInteger();

  /** Records at the log's end that the first answer to a range does not have yet. */
  final AtomicInteger behind = new AtomicInteger();

  /** Looks at the tombstone's statement before it is there. */
  final AtomicInteger purgeNotSignedYet = new AtomicInteger();

  final GoldenRange golden = new GoldenRange();
  private final HttpServer server;
  private final GoldenStatements statements;
  private final long moreDecisions;

  /**
   * Starts.
   *
   * @param folder for keys and the log of statements
   */
  public RangeServer(Path folder) throws Exception {
    this(folder, 0);
  }

  /**
   * Starts.
   *
   * @param moreDecisions of the range that name no run, at the end of the log
   */
  RangeServer(Path folder, long moreDecisions) throws Exception {
    this.statements =
        GoldenStatements.in(folder, GoldenRun.manifest(), golden.tombstone.path("digest").asText());
    this.moreDecisions = moreDecisions;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    String last = path[path.length - 1];
    String of = path.length > 5 ? path[5] : "";
    Map<String, String> query = query(exchange);
    switch (path[2].equals("log") ? "log" : path[4] + (path[4].equals("audit") ? "/" + of : "")) {
      case "log" ->
          send(
              exchange,
              200,
              Json.write(
                  last.equals("keys.json")
                      ? statements.trusted().keysJson()
                      : statements.trusted().trustedRootJson()));
      case "audit/exports" -> export(exchange, path.length > 6 ? last : "", query);
      case "audit/tombstones" -> tombstones(exchange, path.length > 6);
      case "purge-statements" -> purgeStatement(exchange, last);
      case "runs" -> run(exchange, of, path, query);
      default -> send(exchange, 404, problem(404, "RUN.NOT_FOUND"));
    }
  }

  private void export(HttpExchange exchange, String run, Map<String, String> query)
      throws IOException {
    if (run.equals(GoldenRange.PURGED_RUN)) {
      send(exchange, 410, problem(410, "AUDIT.PURGED"));
      return;
    }
    List<ObjectNode> records =
        run.isEmpty() ? golden.recordsIn(range(query)) : golden.recordsOf(run);
    long from = Long.parseLong(query.get("from"));
    long size = golden.logSize() + moreDecisions - 2L * (run.isEmpty() ? behind.getAndSet(0) : 0);
    long end = Math.min(size, Long.parseLong(query.getOrDefault("before", "" + size)));
    exchange.getResponseHeaders().add("Audit-Log-Size", Long.toString(end));
    byte[] lines =
        GoldenRun.lines(
            records.stream()
                .filter(record -> record.path("log_index").asLong() >= from)
                .filter(record -> record.path("log_index").asLong() < end)
                .toList());
    if (run.isEmpty() && moreDecisions > 0) {
      stream(exchange, lines, Math.max(from, golden.logSize()), end);
    } else {
      send(exchange, 200, lines);
    }
  }

  private void stream(HttpExchange exchange, byte[] first, long from, long end) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    ObjectNode decision = golden.inRange.deepCopy();
    try (exchange;
        OutputStream body = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
      body.write(first);
      for (long index = from; index < end; index++) {
        decision.put("log_index", index).withObject("/access").put("sequence", index);
        body.write(Json.write(decision));
        body.write('\n');
      }
    }
  }

  private static BagRange range(Map<String, String> query) {
    return new BagRange(
        new NamespaceId(GoldenRun.NAMESPACE),
        Timestamps.parse(query.get("since")),
        Timestamps.parse(query.get("until")));
  }

  private void tombstones(HttpExchange exchange, boolean one) throws IOException {
    ObjectNode listed = golden.tombstone.deepCopy();
    listed.remove("record_hashes");
    ObjectNode other = listed.deepCopy().put("index", 1);
    other.withObject("/document").put("run_id", "other-run").put("month", "2026-12");
    send(
        exchange,
        200,
        Json.write(one ? golden.tombstone : Map.of("items", List.of(other, listed))));
  }

  private void purgeStatement(HttpExchange exchange, String digest) throws IOException {
    boolean signed = purgeNotSignedYet.getAndUpdate(n -> Math.max(0, n - 1)) == 0;
    if (signed && digest.equals(golden.tombstone.path("digest").asText())) {
      send(exchange, 200, statements.bundles().get(GoldenStatements.TOMBSTONE));
    } else {
      send(exchange, 404, problem(404, "REQUEST.NOT_FOUND"));
    }
  }

  private void run(HttpExchange exchange, String run, String[] path, Map<String, String> query)
      throws IOException {
    String what = path[6];
    boolean ended = run.equals(GoldenRun.RUN_ID);
    if (run.equals(GoldenRange.PURGED_RUN) && what.equals("ledger")) {
      send(exchange, 200, Json.write(page(golden.ledgers.get(GoldenRun.RUN_ID), query)));
    } else if (!golden.ledgers.containsKey(run) || (what.equals("manifest") && !ended)) {
      send(exchange, 404, problem(404, "RUN.NOT_FOUND"));
    } else if (what.equals("ledger")) {
      send(exchange, 200, Json.write(page(golden.ledgers.get(run), query)));
    } else if (what.equals("late-reports")) {
      List<ObjectNode> late = ended ? List.of(GoldenRun.lateReport()) : List.of();
      send(exchange, 200, Json.write(Map.of("items", late)));
    } else if (what.equals("manifest")) {
      send(exchange, 200, Json.write(GoldenRun.manifest()));
    } else if (path.length == 7) {
      send(exchange, 200, Json.write(statements.listed()));
    } else {
      send(exchange, 200, statements.bundles().get(path[7]));
    }
  }

  private static JsonNode page(List<ObjectNode> ledger, Map<String, String> query) {
    int after = Integer.parseInt(query.get("after"));
    int to = Math.min(ledger.size(), after + LEDGER_PAGE);
    ObjectNode page = Json.mapper().createObjectNode();
    page.putArray("items").addAll(ledger.subList(Math.min(after, to), to));
    if (to < ledger.size()) {
      page.put("next_after", to);
    }
    return page;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    if (exchange.getRequestURI().getQuery() != null) {
      for (String pair : exchange.getRequestURI().getQuery().split("&", -1)) {
        query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      }
    }
    return query;
  }

  private static byte[] problem(int status, String reasonCode) {
    return Json.write(Map.of("title", "no", "status", status, "reason_code", reasonCode));
  }

  private void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean broken = breaksOff.get() > 0 && asked.size() >= breaksOff.get();
    exchange.sendResponseHeaders(status, body.length == 0 ? (broken ? 1 : -1) : body.length);
    exchange.getResponseBody().write(broken ? Arrays.copyOf(body, body.length / 2) : body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
