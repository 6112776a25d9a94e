package dev.dome.cli.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Takes spans by OTLP over HTTP and keeps them as they come, to be searched. */
final class TraceSink implements AutoCloseable {
  private final HttpServer server;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  private TraceSink(HttpServer server) {
    this.server = server;
  }

  /** Listens on a free port of this host. */
  static TraceSink start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TraceSink sink = new TraceSink(server);
    server.createContext("/v1/traces", sink::take);
    server.start();
    return sink;
  }

  /** Settings by which services send every trace here. */
  Map<String, String> environment() {
    return Map.of(
        "DOME_OTLP_ENDPOINT",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "DOME_OTLP_PROTOCOL",
        "http/protobuf",
        "DOME_TRACE_RATIO",
        "1.0");
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      InputStream body = exchange.getRequestBody();
      byte[] spans = (packed ? new GZIPInputStream(body) : body).readAllBytes();
      synchronized (content) {
        content.writeBytes(spans);
      }
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** Everything that came until now; texts stand in it as UTF-8. */
  byte[] content() {
    synchronized (content) {
      return content.toByteArray();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
