package dev.dome.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dome.devstack.DevKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The command line and a server that gives the answers a test chose, by path. */
final class CommandsOnServer implements AutoCloseable {
  final Map<String, String> answers = new ConcurrentHashMap<>();
  final List<String> asked = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path directory;
  private final HttpServer server;

  CommandsOnServer(Path directory) throws IOException {
    this.directory = directory;
    DevKeys.in(directory.resolve("keys"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Runs a command against the server; its exit code. */
  int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--dir", directory.toString(), "--server", address()));
    return runAsItStands(all.toArray(String[]::new));
  }

  /** Runs a command line that names its server itself. */
  int runAsItStands(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      asked.add(exchange.getRequestURI().toString());
      boolean known = answers.containsKey(path);
      byte[] body =
          answers
              .getOrDefault(path, "{\"title\":\"no\",\"status\":404}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(known ? 200 : 404, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
