package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An HTTP server whose every answer the test decides, for answers a healthy dome seldom gives. */
final class ScriptedServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  record Request(String method, String path, Map<String, String> headers, String body) {
    JsonNode json() {
      return ClientJson.tree(body.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** With status 0 the connection is dropped without an answer. */
  record Response(int status, String body, Map<String, String> headers) {
    static Response json(int status, String body) {
      return new Response(status, body, Map.of("Content-Type", "application/json"));
    }

    static Response problem(int status, String reasonCode) {
      return json(
          status,
          "{\"title\":\"refused\",\"status\":%d,\"reason_code\":\"%s\",\"surprise\":1}"
              .formatted(status, reasonCode));
    }

    static Response lost() {
      return new Response(0, "", Map.of());
    }

    Response with(String header, String value) {
      return new Response(status, body, Map.of(header, value));
    }
  }

  ScriptedServer(Function<Request, Response> script) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", exchange -> serve(exchange, script));
    server.setExecutor(threads);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  DomeClient client(RetryPolicy retry) {
    return DomeClient.of(uri(), "demo", () -> "token-1", retry);
  }

  List<Request> requests(String pathEnd) {
    return requests.stream().filter(r -> r.path().endsWith(pathEnd)).toList();
  }

  private void serve(HttpExchange exchange, Function<Request, Response> script) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    Request request =
        new Request(
            exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
    requests.add(request);
    Response response = script.apply(request);
    if (response.status() != 0) {
      response.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(response.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
