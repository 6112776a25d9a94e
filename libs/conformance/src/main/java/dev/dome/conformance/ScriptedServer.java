package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes requests by HTTP, holds each against the contract, and answers as the script says. */
final class ScriptedServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Contract contract;
  private final Script script;
  private final String token;

  ScriptedServer(Contract contract, Script script, String token) {
    this.contract = contract;
    this.script = script;
    this.token = token;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Every request so far, in the order they came. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = read(exchange);
      requests.add(request);
      check(request);
      send(exchange, script.answer(request));
    }
  }

  private static Request read(HttpExchange exchange) throws IOException {
    long arrivedNanos = System.nanoTime();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    byte[] body = exchange.getRequestBody().readAllBytes();
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        headers,
        tree(body),
        new String(body, StandardCharsets.ISO_8859_1),
        arrivedNanos);
  }

  private static JsonNode tree(byte[] body) {
    try {
      JsonNode tree = Json.mapper().readTree(body);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private void check(Request request) {
    contract.violations(request).forEach(script::violation);
    if (!request.header("Authorization").equals("Bearer " + token)) {
      script.violation(request.method() + " " + request.path() + " came without DOME_TOKEN");
    }
    boolean elsewhere = request.kind() == Kind.CLAIM && !request.segment(4).equals(Stage.QUEUE);
    if (elsewhere || !request.segment(2).equals(Stage.NAMESPACE)) {
      script.violation(request.path() + " is not of DOME_NAMESPACE and DOME_QUEUE");
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    if (reply.status() == 0) {
      return;
    }
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = reply.body() == null ? new byte[0] : Json.write(reply.body());
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    script.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
