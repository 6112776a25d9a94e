package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.contracts.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A server that knows one golden run, and can be slow to know it or break off in the middle. */
public final class GoldenServer implements AutoCloseable {
  private static final int LEDGER_PAGE = 7;
  private static final long MORE_THAN_COMES = 1L << 40;

  /** Journal rows that the audit records one by one, at each look. */
  public final AtomicInteger rowsNotRecordedYet = new AtomicInteger();

  /** Looks at the manifest before it is there. */
  public final AtomicInteger manifestNotMadeYet = new AtomicInteger();

  /** Looks at the list of statements before they are all in it. */
  public final AtomicInteger statementsNotSignedYet = new AtomicInteger();

  public final AtomicBoolean replayDiffers = new AtomicBoolean();

  /** Whether the audit has purged the run. */
  public final AtomicBoolean purged = new AtomicBoolean();

  /** The statement that it gives out as that of the tombstone; empty for none. */
  public final AtomicReference<String> purgeSigned =
      new AtomicReference<>(GoldenStatements.TOMBSTONE);

  /** What was asked of the records. */
  public final List<String> queries = new ArrayList<>();

  /** What was asked. */
  public final List<String> asked = new ArrayList<>();

  /** The answer, counted from 1, from which on all break off after their half; 0 for none. */
  public final AtomicInteger breaksOff = new AtomicInteger();

  private final HttpServer server;
  private final GoldenStatements statements;
  private final List<ObjectNode> ledger = GoldenRun.ledger();
  private final List<ObjectNode> records = GoldenRun.records();
  private final long accessRecords;

  /**
   * Starts.
   *
   * @param folder for keys and the log of statements
   * @param accessRecords of the run
   */
  public GoldenServer(Path folder, long accessRecords) throws Exception {
    this.statements = GoldenStatements.in(folder, GoldenRun.manifest());
    this.accessRecords = accessRecords;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    String path = exchange.getRequestURI().getPath();
    if (path.contains("/absent")) {
      send(exchange, 404, problem(404, "RUN.NOT_FOUND"));
    } else if (path.endsWith("/ledger")) {
      send(exchange, 200, Json.write(page(query(exchange))));
    } else if (path.contains("/purge-statements/")) {
      purgeStatement(exchange, path);
    } else if (path.contains("/audit/") && purged.get()) {
      purged(exchange, path);
    } else if (path.endsWith("/audit/exports/" + GoldenRun.RUN_ID)) {
      export(exchange);
    } else if (path.endsWith("/audit/records")) {
      queries.add(exchange.getRequestURI().getQuery());
      send(exchange, 200, Json.write(Map.of("items", records)));
    } else if (path.endsWith("/late-reports")) {
      send(exchange, 200, Json.write(Map.of("items", List.of(GoldenRun.lateReport()))));
    } else if (path.endsWith("/manifest")) {
      manifest(exchange);
    } else if (path.contains("/statements") || path.startsWith("/v1/log/")) {
      statements(exchange, path.substring(path.lastIndexOf('/') + 1));
    } else {
      send(exchange, 404, problem(404, "RUN.NOT_FOUND"));
    }
  }

  private void purged(HttpExchange exchange, String path) throws IOException {
    if (path.endsWith("/audit/tombstones")) {
      send(exchange, 200, Json.write(Map.of("items", List.of(GoldenRun.tombstone()))));
    } else if (path.endsWith("/audit/tombstones/3")) {
      send(exchange, 200, Json.write(GoldenRun.tombstone()));
    } else {
      send(exchange, 410, problem(410, "AUDIT.PURGED"));
    }
  }

  private void purgeStatement(HttpExchange exchange, String path) throws IOException {
    if (purgeSigned.get().isEmpty()
        || !path.endsWith("/" + GoldenRun.tombstone().path("digest").asText())) {
      send(exchange, 404, problem(404, "REQUEST.NOT_FOUND"));
    } else {
      send(exchange, 200, statements.bundles().get(purgeSigned.get()));
    }
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    for (String pair : exchange.getRequestURI().getQuery().split("&", -1)) {
      query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return query;
  }

  private ObjectNode page(Map<String, String> query) {
    int after = Integer.parseInt(query.get("after"));
    int to = Math.min(ledger.size(), after + LEDGER_PAGE);
    ObjectNode page = Json.mapper().createObjectNode();
    page.putArray("items").addAll(ledger.subList(Math.min(after, to), to));
    if (to < ledger.size()) {
      page.put("next_after", to);
    }
    return page;
  }

  private void manifest(HttpExchange exchange) throws IOException {
    if (replayDiffers.get()) {
      send(exchange, 409, problem(409, "PROVENANCE.REPLAY_DIFFERS"));
    } else if (manifestNotMadeYet.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      send(exchange, 404, problem(404, "PROVENANCE.MANIFEST_PENDING"));
    } else {
      send(exchange, 200, Json.write(GoldenRun.manifest()));
    }
  }

  private void statements(HttpExchange exchange, String name) throws IOException {
    switch (name) {
      case "trusted_root.json" ->
          send(exchange, 200, Json.write(statements.trusted().trustedRootJson()));
      case "keys.json" -> send(exchange, 200, Json.write(statements.trusted().keysJson()));
      case "statements" -> {
        boolean signed = statementsNotSignedYet.getAndUpdate(n -> Math.max(0, n - 1)) == 0;
        send(exchange, 200, Json.write(signed ? statements.listed() : Map.of("items", List.of())));
      }
      default -> send(exchange, 200, statements.bundles().get(name));
    }
  }

  /** One row more at every look, then the access records. */
  private void export(HttpExchange exchange) throws IOException {
    int missing = rowsNotRecordedYet.getAndUpdate(n -> Math.max(0, n - 1));
    List<ObjectNode> journal = records.subList(0, Math.max(1, ledger.size() - missing));
    ObjectNode allowed = records.getLast().deepCopy();
    long firstAccess = allowed.path("log_index").asLong();
    long size =
        missing > 0
            ? journal.getLast().path("log_index").asLong() + 1
            : firstAccess + accessRecords;
    Map<String, String> query = query(exchange);
    long from = Long.parseLong(query.get("from"));
    long end = Math.min(size, Long.parseLong(query.getOrDefault("before", "" + size)));
    exchange.getResponseHeaders().add("Audit-Log-Size", Long.toString(end));
    boolean broken = isBroken();
    exchange.sendResponseHeaders(200, broken ? MORE_THAN_COMES : 0);
    try (exchange;
        OutputStream body = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
      long half = from + (end - from) / 2;
      for (ObjectNode record : journal) {
        line(body, record, from, broken ? half : end);
      }
      for (long i = Math.max(0, from - firstAccess); i < end - firstAccess; i++) {
        allowed.put("log_index", firstAccess + i).withObject("/access").put("sequence", 12 + i);
        line(body, allowed, from, broken ? half : end);
      }
      if (broken) {
        body.write("{\"log_index\":".getBytes(StandardCharsets.UTF_8));
        body.flush();
      }
    }
  }

  private static void line(OutputStream body, ObjectNode record, long from, long end)
      throws IOException {
    long index = record.path("log_index").asLong();
    if (index >= from && index < end) {
      body.write(Json.write(record));
      body.write('\n');
    }
  }

  private static byte[] problem(int status, String reasonCode) {
    return Json.write(Map.of("title", "no", "status", status, "reason_code", reasonCode));
  }

  private boolean isBroken() {
    return breaksOff.get() > 0 && asked.size() >= breaksOff.get();
  }

  private void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(isBroken() ? Arrays.copyOf(body, body.length / 2) : body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
